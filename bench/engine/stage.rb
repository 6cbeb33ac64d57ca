# frozen_string_literal: true

module Bench
  # The sink, the queue, and crews and tenants as the rows ask for them.
  class Stage
    # The platforms, as the tables call them.
    PLATFORMS = { "zoho_crm" => "Zoho contacts", "zendesk" => "Zendesk users", "custom" => "webhook" }.freeze

    # @yieldparam stage [Stage] all of it stopped when the block ends
    def self.open
      Schema.prepare
      Sink.start { |sink| RedisServer.start { |redis| yield new(sink, redis) } }
    end

    # @return [RedisServer]
    attr_reader :redis

    # @param sink [Sink]
    # @param redis [RedisServer]
    def initialize(sink, redis)
      @sink = sink
      @redis = redis
      @queue = Queue.new(redis.url)
    end

    # New websites with all platforms, and workers.
    #
    # @param sites [Integer]
    # @param workers [Integer]
    # @yieldparam deliveries [Deliveries]
    # @yieldparam crew [Crew]
    def with(sites:, workers:)
      tenants = Tenants.new(sites)
      PLATFORMS.each_key { |platform| tenants.connect(platform, @sink.url) }
      Crew.start(workers, @sink, @redis) { |crew| yield Deliveries.new(crew, @sink, @queue, tenants), crew }
    end
  end
end
