# frozen_string_literal: true

module Bench
  # The smallest queue there is, a list in Redis, for both sides: what a worker spends is spent on its jobs. A job that
  # is to wait goes in at once, because in a bench there is nothing to wait for.
  class Queue < ActiveJob::QueueAdapters::AbstractAdapter
    KEY = "bench:jobs"

    # @param url [String] of Redis
    def initialize(url)
      super()
      @redis = RedisClient.new(url:)
    end

    # @param job [ActiveJob::Base]
    # @return [void]
    def enqueue(job) = push([job])

    # @param job [ActiveJob::Base]
    # @return [void]
    def enqueue_at(job, _timestamp) = enqueue(job)

    # @param jobs [Array<ActiveJob::Base>]
    # @return [void]
    def push(jobs)
      jobs.each_slice(500) { |some| @redis.call("LPUSH", KEY, *some.map { |job| job.serialize.to_json }) }
    end

    # @return [Hash, nil] the data of the oldest job; nil if there is none
    def pop
      json = @redis.call("RPOP", KEY)
      JSON.parse(json) if json
    end

    # @return [void]
    def clear = @redis.call("FLUSHALL")
  end
end
