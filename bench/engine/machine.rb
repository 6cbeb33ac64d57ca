# frozen_string_literal: true

require "etc"

module Bench
  # Where the figures are from.
  module Machine
    class << self
      # @param redis [RedisClient]
      # @return [String]
      def text(redis)
        "#{Etc.nprocessors} cores, load #{load_average} at the start; " \
          "#{versions(redis).map { |pair| pair.join(" ") }.join(", ")}"
      end

      private

      # Of the last minute.
      def load_average = File.exist?("/proc/loadavg") ? File.read("/proc/loadavg").split.first : "unknown"

      def versions(redis)
        postgresql = ActiveRecord::Base.lease_connection.select_value("SHOW server_version").split.first
        { "Ruby" => RUBY_VERSION, "Rails" => Rails.version, "PostgreSQL" => postgresql,
          "Redis" => redis.call("INFO", "server")[/redis_version:(\S+)/, 1], "Sidekiq" => Sidekiq::VERSION,
          "Faraday" => Faraday::VERSION, "pwb_crm" => PwbCrm::VERSION }
      end
    end
  end
end
