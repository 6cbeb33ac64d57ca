# frozen_string_literal: true

module PwbCrm
  module Wake
    # Keeps a burst of saves from enqueueing a job for each: once an integration has had {BURST} wakes
    # within the settle time, one whose job has yet to run stands for those that follow.
    #
    # The last wake is never dropped: a job that is still to come sees every row committed before it,
    # and enqueues itself again for rows that are not due by then. Only a job to which its queue gave an
    # id is sure to come: not one that could not be enqueued, nor one of the test adapter, which must
    # not count from one example to the next.
    module Throttle
      BURST = 10
      # A job that is about to start might already have looked.
      MARGIN = 1.0

      @mutex = Mutex.new
      @wakes = {}

      class << self
        # @param ids [Array<Integer>]
        # @yieldparam id [Integer] one that is to be woken
        # @yieldreturn [ActiveJob::Base, nil] its job
        # @return [void]
        def pass(ids)
          settle = Wake.settle_time
          ids.each do |id|
            due = now + settle
            job = yield(id) unless settle > MARGIN && enough?(id)
            count(id, due) if job&.provider_job_id
          end
        end

        # Forgets all wakes, for specs.
        #
        # @return [void]
        def reset = @mutex.synchronize { @wakes.clear }

        private

        def enough?(id)
          @mutex.synchronize do
            forget_past
            due = @wakes.fetch(id, [])
            due.size >= BURST && due.max > now + MARGIN
          end
        end

        def count(id, due) = @mutex.synchronize { (@wakes[id] ||= []) << due }

        def forget_past
          @wakes.each_value { |due| due.reject! { |at| at <= now } }
          @wakes.delete_if { |_id, due| due.empty? }
        end

        def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
end
