# frozen_string_literal: true

require "rails/generators"
require_relative "schedule"

module PwbCrm
  module Generators
    # Sets the gem up in a host: migrations, initializer, the jobs' schedule. It may be run again:
    # what is there already is left as it is.
    #
    # @example
    #   bin/rails generate pwb_crm:install --aliases
    class InstallGenerator < ::Rails::Generators::Base
      # The files of `--aliases`, by their template.
      ALIASES = {
        "integration" => "app/models/pwb/integration.rb",
        "integrable" => "app/models/concerns/pwb/integrable.rb",
        "integration_sync_job" => "app/jobs/pwb/integration_sync_job.rb"
      }.freeze

      source_root File.expand_path("templates", __dir__)
      desc "Copies pwb_crm's migrations, writes its initializer and schedules its jobs."

      class_option :aliases, type: :boolean, default: false,
                             desc: "Also write Pwb::Integration, Pwb::Integrable and Pwb::IntegrationSyncJob"

      # @return [void]
      def copy_migrations
        folder = File.join(destination_root, "db/migrate")
        FileUtils.mkdir_p(folder)
        copied = ActiveRecord::Migration.copy(folder, { pwb_crm: Engine.root.join("db/migrate").to_s })
        copied.each { |migration| say_status :create, "db/migrate/#{migration.basename}" }
      end

      # @return [void]
      def write_initializer
        template "initializer.rb", "config/initializers/pwb_crm.rb", skip: true
      end

      # @return [void]
      def schedule_jobs
        @left_to_do = Schedule.new(self).write
      end

      # @return [void]
      def write_aliases
        return unless options[:aliases]

        ALIASES.each_value { |path| template File.basename(path), path, skip: true }
      end

      # @return [void]
      def say_what_is_next
        say <<~TEXT

          pwb_crm is in place. Next:
            1. bin/rails db:encryption:init   unless the app has Active Record encryption keys; add them to its credentials
            2. bin/rails db:migrate           set website_class in config/initializers/pwb_crm.rb before, unless it is Pwb::Website
            3. PwbCrm::Integration.create!(website:, platform: "custom", name: "My hook", webhook_url: "https://…")
        TEXT
        say "  4. pwb_crm_routes in config/routes.rb, if the remote systems are to tell the app what changes there"
        say "  5. #{@left_to_do}" if @left_to_do
      end
    end
  end
end
