# frozen_string_literal: true

# A worker of the host in a process of its own. For each line on its input it runs jobs until the queue is empty, and
# answers with what it spent on them.
#
#   ruby worker.rb SINK_URL REDIS_URL
require_relative "boot"

module Bench
  # What {Crew} starts.
  class Worker
    # @param sink [String] address
    # @param redis [String] address
    def initialize(sink, redis)
      PwbCrm.configure { |config| config.assign(zoho_base_url: sink, zendesk_base_url: sink) }
      Plan::Service.remote = sink
      @queue = Queue.new(redis)
      ActiveJob::Base.queue_adapter = @queue
      ActiveRecord::Base.lease_connection
    end

    # @param keep_alive [Boolean] whether the plan's Faraday connection stays open
    # @param count [Boolean] whether to count statements, which costs time
    # @return [Hash] began, ended, cpu (seconds) and statements
    def run(keep_alive:, count:)
      Plan::Service.keep_alive = keep_alive
      GC.start
      began = Bench.now
      cpu = cpu_time
      statements = count ? counted { work } : work.then { nil }
      { began:, ended: Bench.now, cpu: cpu_time - cpu, statements: }
    end

    private

    def work
      while (job = @queue.pop)
        ActiveJob::Base.execute(job)
      end
    end

    # With BEGIN and COMMIT, without what Active Record asks about the schema.
    def counted(&)
      count = 0
      listener = ->(*, payload) { count += 1 unless payload[:name] == "SCHEMA" || payload[:cached] }
      ActiveSupport::Notifications.subscribed(listener, "sql.active_record", &)
      count
    end

    # Of all threads, the core's included.
    def cpu_time = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
  end
end

worker = Bench::Worker.new(*ARGV)
$stdout.sync = true
puts JSON.generate(ready: true)
$stdin.each_line { |line| puts JSON.generate(worker.run(**JSON.parse(line, symbolize_names: true))) }
