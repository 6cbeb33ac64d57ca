# frozen_string_literal: true

module PwbCrm
  module Wake
    # Keeps a burst of saves from enqueueing a job for each: once an integration has had {BURST} wakes
    # within the settle time, one whose job has yet to run stands for those that follow.
    #
    # The last wake is never dropped: a job that is still to come sees every row committed before it,
    # and enqueues itself again for rows that are not due by then. Active Job's test adapter runs
    # nothing, so under it every wake passes: what one example did must not change another's.
    module Throttle
      BURST = 10
      # A job that is about to start might already have looked.
      MARGIN = 1.0

      @mutex = Mutex.new
      @wakes = {}

      class << self
        # @param ids [Array<Integer>]
        # @yieldparam id [Integer] one that is to be woken
        # @return [void]
        def pass(ids)
          settle = Wake.settle_time
          open = settle <= MARGIN || IntegrationSyncJob.queue_adapter_name == "test"
          ids.each { |id| yield(id) if open || pass?(id, settle) }
        end

        # Forgets all wakes, for specs.
        #
        # @return [void]
        def reset = @mutex.synchronize { @wakes.clear }

        private

        def pass?(id, settle)
          now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
          @mutex.synchronize do
            forget(now)
            due = (@wakes[id] ||= [])
            next false if due.size >= BURST && due.last > now + MARGIN

            due << (now + settle)
            true
          end
        end

        def forget(now)
          @wakes.each_value { |due| due.reject! { |at| at <= now } }
          @wakes.delete_if { |_id, due| due.empty? }
        end
      end
    end
  end
end
