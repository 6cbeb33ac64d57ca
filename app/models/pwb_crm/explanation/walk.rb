# frozen_string_literal: true

module PwbCrm
  class Explanation
    # Goes from step to step up to the first "no". Who inherits it names its steps in STEPS; each is a method that
    # answers a {Step}, or nil where it does not apply. Their words are in config/locales/pwb_crm/explain.en.yml.
    #
    # @api private
    class Walk
      # @param record [ActiveRecord::Base]
      # @param integration [Integration, nil]
      def initialize(record, integration)
        @record = record
        @integration = integration
      end

      # @return [Array<Step>]
      def steps
        self.class::STEPS.each_with_object([]) do |name, told|
          step = send(name) or next
          told << step
          return told unless step.passed
        end
      end

      # @return [String]
      def label = "#{kind || record.class} #{record.id || "(new)"}"

      # @return [String, nil] of {Kinds}
      def kind = @kind ||= gone? ? record.kind : Kinds.of(record)

      private

      attr_reader :record, :integration

      def gone? = record.is_a?(Gone)

      def kill_switch = Switch.on? ? yes(:kill_switch) : no(:kill_switch)

      def yes(name, words = "yes", **) = Step.new(name:, passed: true, said: said(name, words, **))

      def no(name, words = "no", **)
        Step.new(name:, passed: false, said: said(name, words, **))
      end

      def said(name, words, **) = Words.t("explain.#{name}.#{words}", **).squish

      # What the host's lambda says; one that raises is a "no" with its error.
      def left_out(name, subject)
        out = Snapshot::Reading.setting(name, subject)
        out ? no(name) : yes(name)
      rescue Error => e
        Step.new(name:, passed: false, said: e.message)
      end

      def time(at) = "#{at.utc.to_fs(:db)} UTC"
    end
  end
end
