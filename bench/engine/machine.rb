# frozen_string_literal: true

require "etc"

module Bench
  # Where the figures are from.
  module Machine
    # @param redis [RedisClient]
    # @return [String]
    def self.text(redis)
      connection = ActiveRecord::Base.lease_connection
      versions = { "Ruby" => RUBY_VERSION, "Rails" => Rails.version,
                   "PostgreSQL" => connection.select_value("SHOW server_version").split.first,
                   "Redis" => redis.call("INFO", "server")[/redis_version:(\S+)/, 1],
                   "Sidekiq" => Sidekiq::VERSION, "Faraday" => Faraday::VERSION, "pwb_crm" => PwbCrm::VERSION }
      load = File.exist?("/proc/loadavg") ? ", load #{File.read("/proc/loadavg").split.first} at the start" : ""
      "#{Etc.nprocessors} cores#{load}; #{versions.map { |pair| pair.join(" ") }.join(", ")}"
    end
  end
end
