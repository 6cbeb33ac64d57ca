# frozen_string_literal: true

module PwbCrm
  module Doctor
    # One look at one part. Who inherits it says in `examine` what is amiss; what it says is in
    # config/locales/pwb_crm/doctor.en.yml, under the part's name and the finding's.
    #
    # @api private
    class Examination
      # Examinations without whose subjects there is nothing to look at.
      NEEDS = %w[database migrations].freeze

      # @return [Array<Check>] findings, or one that all is well
      def call
        ApplicationRecord.uncached { Array(examine) }.presence || [healthy]
      rescue StandardError => e
        [unexamined(e)]
      end

      # @param faults [Array<Check>] of others
      # @return [Boolean] whether one of them leaves it nothing to look at
      def needs?(faults) = faults.any? { |check| self.class::NEEDS.include?(check.name) }

      # @return [String]
      def name = self.class.name.demodulize.underscore

      private

      def healthy = Check.new(name:, level: :ok, said: Words.t("doctor.#{name}.ok", **well), cure: nil)

      def unexamined(error)
        said = "#{error.class}: #{error.message.lines.first.to_s.strip.truncate(200)}"
        Check.new(name:, level: :fault, said:, cure: Words.t("doctor.unexamined.cure"))
      end

      # For the words that all is well.
      def well = {}

      def fault(finding, **) = finding(:fault, finding, **)

      def warning(finding, **) = finding(:warning, finding, **)

      def finding(level, finding, **values)
        said, cure = %w[said cure].map { |part| Words.t("doctor.#{name}.#{finding}.#{part}", **values) }
        Check.new(name:, level:, said:, cure:)
      end

      # A few by name, the others by number.
      def named(rows, most: 5)
        labels = rows.first(most).map(&:label)
        labels << "#{rows.size - most} more" if rows.size > most
        labels.join(", ")
      end

      def duration(seconds)
        [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].each do |length, unit|
          count = (seconds / length).floor
          return "#{count} #{unit.pluralize(count)}" if count.positive? || length == 1
        end
      end
    end
  end
end
