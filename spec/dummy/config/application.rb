# frozen_string_literal: true

require_relative "boot"

require "rails"
require "active_model/railtie"
require "active_record/railtie"
require "active_job/railtie"
require "action_controller/railtie"
require "sidekiq" if ENV["PWB_CRM_QUEUE"] == "sidekiq"
require "pwb_crm"
require "pwb_crm/engine" # where something required pwb_crm before Rails

module Dummy
  # A small PropertyWebBuilder: the host's tables, names, column types and save order, nothing else.
  class Application < Rails::Application
    config.root = File.expand_path("..", __dir__)
    config.load_defaults 7.2
    config.eager_load = false
    config.root.join("log").mkpath
    # The specs of both databases may run at the same time, and read their log.
    config.log_file_name = "#{[Rails.env, *("postgresql" if ENV["PWB_CRM_DB"] == "postgresql")].join("-")}.log"
    config.logger = ActiveSupport::Logger.new(config.root.join("log", config.log_file_name))
    config.secret_key_base = "dummy" * 16
    config.hosts.clear
    config.active_record.dump_schema_after_migration = false
    config.paths["db/migrate"] << PwbCrm::Engine.root.join("db/migrate").to_s

    # For the dummy only. A real host keeps its keys in its credentials: `bin/rails db:encryption:init`.
    config.active_record.encryption.primary_key = "dummy-primary-key-dummy-primary-key"
    config.active_record.encryption.deterministic_key = "dummy-deterministic-key-dummy-key"
    config.active_record.encryption.key_derivation_salt = "dummy-derivation-salt-dummy-salt"
  end
end
