# frozen_string_literal: true

require "yaml"
require_relative "schedule_file"

module PwbCrm
  # What `bin/rails generate` offers.
  module Generators
    # Has the sweep run every minute, the reconcile and the pruning every night, with what the host schedules its jobs
    # with.
    #
    # @api private
    class Schedule
      # What to do where nothing schedules jobs.
      BY_HAND = "No scheduler found: run bin/rails pwb_crm:sweep every minute, pwb_crm:reconcile and pwb_crm:prune " \
                "every night, for example from cron."
      # The schedules it can write to, with the gem that reads them.
      FILES = {
        "config/recurring.yml" => ["solid_queue", ScheduleFile::SolidQueue],
        "config/schedule.yml" => ["sidekiq-cron", ScheduleFile::SidekiqCron]
      }.freeze

      # @param generator [Rails::Generators::Base] writes the files and tells about it
      def initialize(generator)
        @generator = generator
      end

      # @return [String, nil] what is left to do by hand
      def write
        path = FILES.keys.find { |file| there?(file) } || FILES.find { |_file, (name, _)| gem?(name) }&.first
        path ? schedule(path, FILES.fetch(path).last) : BY_HAND
      end

      private

      # All entries, one after the other, or what is missing is left to people.
      def schedule(path, type)
        missing = ScheduleFile::JOBS.map { |job| type.new(content(path), job) }.reject(&:done?)
        text = with_entries(content(path), type, missing.map(&:job))
        return by_hand(path, missing) unless text

        @generator.create_file(path, text, force: true) if missing.any?
        nil
      end

      def with_entries(text, type, jobs)
        jobs.reduce(text) { |before, job| before && type.new(before, job).with_entry }
      end

      def by_hand(path, missing)
        "Add this to #{path}, which is too much its own to be changed here:\n\n#{missing.map(&:entry).join}"
      end

      def content(path) = there?(path) ? File.read(full(path)) : ""

      def there?(path) = File.exist?(full(path))

      def full(path) = File.join(@generator.destination_root, path)

      def gem?(name) = there?("Gemfile.lock") && content("Gemfile.lock").match?(/^ {4}#{Regexp.escape(name)} \(/)
    end
  end
end
