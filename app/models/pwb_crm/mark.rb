# frozen_string_literal: true

module PwbCrm
  # When something that runs by itself last did, by the database's clock: what {Doctor} looks at.
  #
  # @api private
  class Mark < ApplicationRecord
    crm_table :integration_marks

    class << self
      # What cannot be noted is reported: it must not keep anything from running.
      #
      # @param name [String] "sweep", "reconcile", "prune", "queue", "watch"
      # @param note [String, nil]
      # @return [void]
      def beat(name, note: nil)
        run(<<~SQL, name:, note:)
          INSERT INTO #{quoted_table_name} (name, at, since, note) VALUES (:name, #{Sql.now}, #{Sql.now}, :note)
          ON CONFLICT (name) DO UPDATE SET at = excluded.at, note = excluded.note
        SQL
        nil
      rescue StandardError => e
        Report.call(e, doing: "noting that the #{name} has run")
      end

      # @param name [String]
      # @return [String, nil] what was noted with it
      def note_of(name) = where(name:).pick(:note)

      # @param name [String]
      # @return [Float, nil] seconds since then; nil if it never ran
      def age(name) = seconds_since("at", name)

      # @param name [String]
      # @return [Float, nil] seconds since it first ran; nil if it never did
      def first_age(name) = seconds_since("since", name)

      private

      def seconds_since(column, name) = where(name:).pick(Arel.sql("-#{Sql.seconds_until(column)}"))&.to_f
    end
  end
end
