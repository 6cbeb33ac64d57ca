# frozen_string_literal: true

module PwbCrm
  module Wake
    # Keeps a burst of saves from enqueueing a job for each: a job that is still to come stands for the saves until
    # then.
    #
    # The last wake is never dropped: that job sees every row committed before it, and enqueues itself again for
    # rows that are not due by then. Only a job to which its queue gave an id is sure to come: not one that could not
    # be enqueued, nor one of the test adapter, which must not count from one example to the next.
    #
    # @api private
    module Throttle
      # A job that is about to start might already have looked.
      MARGIN = 1.0

      @mutex = Mutex.new
      @due = {}

      class << self
        # @param ids [Array<Integer>]
        # @yieldparam ids [Array<Integer>] those that are to be woken
        # @yieldreturn [Array<ActiveJob::Base>] their jobs
        # @return [void]
        def pass(ids)
          settle = Wake.settle_time
          due = Monotonic.now + settle
          left = settle > MARGIN ? ids.reject { |id| awaited?(id) } : ids
          yield(left).each { |job| await(job.arguments.first, due) if job.provider_job_id } if left.any?
        end

        # Forgets all wakes, for specs.
        #
        # @return [void]
        def reset = @mutex.synchronize { @due.clear }

        private

        def awaited?(id) = @mutex.synchronize { @due.fetch(id, 0) > Monotonic.now + MARGIN }

        def await(id, due)
          @mutex.synchronize do
            forget_past
            @due[id] = due
          end
        end

        def forget_past = @due.delete_if { |_id, due| due <= Monotonic.now }
      end
    end
  end
end
