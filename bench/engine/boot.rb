# frozen_string_literal: true

# The dummy app as a production host would run it: eager-loaded, without SQL in its log. Each process of the bench
# begins with this.
ENV["RAILS_ENV"] = "test"
require_relative "../../spec/dummy/config/application"

PwbCrm.configure do |config|
  config.auto_include = false # {Bench::Hosts} says which class has which callbacks
  config.allow_private_hosts = true
end
Rails.application.initialize!
Rails.logger.level = Logger::WARN
Rails.application.eager_load!

require "redis_client"
require "sidekiq"
require "active_job/queue_adapters/sidekiq_adapter"
Sidekiq.logger.level = Logger::WARN # it tells of each connection, on the standard output

require_relative "../shared/base"
require_relative "plan"
require_relative "hosts"
require_relative "queue"
