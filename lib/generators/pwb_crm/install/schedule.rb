# frozen_string_literal: true

module PwbCrm
  module Generators
    # Has the sweep run every minute, with what the host schedules its jobs with.
    class Schedule
      BY_HAND = "No scheduler found: run bin/rails pwb_crm:sweep every minute, for example from cron."
      JOB = "PwbCrm::IntegrationSweepJob"
      SOLID_QUEUE = "config/recurring.yml"
      SIDEKIQ_CRON = "config/schedule.yml"

      SOLID_QUEUE_ENTRY = <<-YAML.freeze
  pwb_crm_sweep:
    class: #{JOB}
    schedule: every minute
      YAML

      SIDEKIQ_CRON_ENTRY = <<~YAML.freeze
        pwb_crm_sweep:
          cron: "* * * * *"
          class: #{JOB}
          active_job: true
      YAML

      # @param generator [Rails::Generators::Base] writes the files and tells about it
      def initialize(generator)
        @generator = generator
      end

      # @return [Boolean] whether the sweep is scheduled
      def write
        if there?(SOLID_QUEUE) || gem?("solid_queue")
          solid_queue
        elsif there?(SIDEKIQ_CRON) || gem?("sidekiq-cron")
          add(SIDEKIQ_CRON, SIDEKIQ_CRON_ENTRY)
        else
          return false
        end
        true
      end

      private

      def solid_queue
        production = /^production:[^\S\n]*\n/
        return add(SOLID_QUEUE, "production:\n#{SOLID_QUEUE_ENTRY}") unless content(SOLID_QUEUE).match?(production)

        @generator.insert_into_file(SOLID_QUEUE, SOLID_QUEUE_ENTRY, after: production) unless done?(SOLID_QUEUE)
      end

      def add(path, entry)
        return if done?(path)

        there?(path) ? @generator.append_to_file(path, "\n#{entry}") : @generator.create_file(path, entry)
      end

      def done?(path) = content(path).include?(JOB)

      def content(path) = there?(path) ? File.read(full(path)) : ""

      def there?(path) = File.exist?(full(path))

      def full(path) = File.join(@generator.destination_root, path)

      def gem?(name) = there?("Gemfile.lock") && content("Gemfile.lock").match?(/^ {4}#{Regexp.escape(name)} \(/)
    end
  end
end
