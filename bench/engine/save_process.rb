# frozen_string_literal: true

# Measures {Bench::Save} in a process of its own, on the database of the environment, and prints it as JSON.
#
#   ruby save_process.rb ROUNDS SAVES
require_relative "boot"
require_relative "schema"
require_relative "tenants"
require_relative "../shared/rounds"
require_relative "save"
require_relative "../../spec/support/redis_server"

rounds, saves = ARGV.map { |argument| Integer(argument) }
Bench::Schema.prepare
RedisServer.start do |redis|
  Sidekiq.configure_client { |config| config.redis = { url: redis.url } }
  ActiveJob::Base.queue_adapter = :sidekiq
  puts JSON.generate(Bench::Save.new(redis, rounds:, saves:).call)
end
