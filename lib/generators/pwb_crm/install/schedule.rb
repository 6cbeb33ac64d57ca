# frozen_string_literal: true

require "yaml"
require_relative "schedule_file"

module PwbCrm
  module Generators
    # Has the sweep run every minute, with what the host schedules its jobs with.
    class Schedule
      BY_HAND = "No scheduler found: run bin/rails pwb_crm:sweep every minute, for example from cron."
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
        path ? schedule(path, FILES.fetch(path).last.new(content(path))) : BY_HAND
      end

      private

      def schedule(path, file)
        return if file.done?
        unless file.with_entry
          return "Add this to #{path}, which is too much its own to be changed here:\n\n#{file.entry}"
        end

        @generator.create_file(path, file.with_entry, force: true)
        nil
      end

      def content(path) = there?(path) ? File.read(full(path)) : ""

      def there?(path) = File.exist?(full(path))

      def full(path) = File.join(@generator.destination_root, path)

      def gem?(name) = there?("Gemfile.lock") && content("Gemfile.lock").match?(/^ {4}#{Regexp.escape(name)} \(/)
    end
  end
end
