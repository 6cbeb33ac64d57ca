# frozen_string_literal: true

module PwbCrm
  module Generators
    # The text of a host's schedule, with an entry of ours put in. The host's own lines stay as they are, comments
    # and all; a text in which ours would change what they mean is left alone.
    #
    # @api private
    class ScheduleFile
      # The entry's name, the job's class, and when it runs: as cron has it, and in words.
      Job = Struct.new(:name, :class_name, :cron, :words)
      # What has to run, and when.
      JOBS = [
        Job.new("pwb_crm_sweep", "PwbCrm::IntegrationSweepJob", "* * * * *", "every minute"),
        Job.new("pwb_crm_reconcile", "PwbCrm::IntegrationReconcileJob", "17 3 * * *", "17 3 * * *"),
        Job.new("pwb_crm_prune", "PwbCrm::IntegrationPruneJob", "41 4 * * *", "41 4 * * *")
      ].freeze

      # @return [Job]
      attr_reader :job

      # @param text [String]
      # @param job [Job]
      def initialize(text, job)
        @text = text.empty? || text.end_with?("\n") ? text : "#{text}\n"
        @job = job
      end

      # @return [Boolean] whether the job is scheduled already
      def done? = text.include?(job.class_name)

      # @return [String, nil] the text with the entry; nil if it does not fit in
      def with_entry
        before = parse(text) || {}
        added if before.is_a?(Hash) && parse(added) == merged(before)
      rescue Psych::Exception
        nil
      end

      # @return [String] the entry alone
      def entry = lines(fields, "")

      private

      attr_reader :text

      def parse(yaml) = YAML.safe_load(yaml, aliases: true, permitted_classes: [Symbol])

      def lines(fields, indent, step = "  ")
        all = ["#{job.name}:", *fields.map { |key, value| "#{step}#{key}: #{value.to_json}" }]
        all.map { |line| "#{indent}#{line}\n" }.join
      end

      def appended(addition) = text.empty? ? addition : "#{text}\n#{addition}"

      # sidekiq-cron: a job for each top-level key.
      class SidekiqCron < ScheduleFile
        private

        def fields = { "cron" => job.cron, "class" => job.class_name, "active_job" => true }

        def added = appended(entry)

        def merged(before) = before.merge(job.name => fields)
      end

      # Solid Queue: a job for each key below the environment's, or at the top of a file without environments.
      class SolidQueue < ScheduleFile
        # Where the section of the production environment begins.
        PRODUCTION = /^production:.*\n/

        private

        def fields = { "class" => job.class_name, "schedule" => job.words }

        def added
          return appended(entry) if flat?
          return appended("production:\n#{lines(fields, "  ")}") unless text.match?(PRODUCTION)

          text.sub(PRODUCTION) { |line| line + lines(fields, indent) }
        end

        def merged(before)
          return before.merge(job.name => fields) if flat?

          before.merge("production" => (before["production"] || {}).merge(job.name => fields))
        end

        def flat?
          jobs = parse(text)
          jobs.is_a?(Hash) && jobs.values.any? { |job| job.is_a?(Hash) && (job.key?("class") || job.key?("command")) }
        end

        # As the jobs beside it have it.
        def indent = text[/#{PRODUCTION}(?:\s*(?:#.*)?\n)*( +)\S/, 1] || "  "
      end
    end
  end
end
