# frozen_string_literal: true

module PwbCrm
  module Wake
    # Keeps a queue that is down from costing the host more than one timeout: after an enqueueing that failed or
    # took long, this process leaves wakes out for a while, longer each time; the rows wait for the sweep. While
    # one hangs, others do not join it.
    #
    # @api private
    module Breaker
      # Seconds after which an enqueueing counts as failed.
      SLOW = 1.0
      # Seconds without another attempt: at first, and at most.
      PAUSES = (5..60)

      @mutex = Mutex.new
      @underway = {} # thread to when it began; after a fork those of the parent are not alive
      @shut_at = @shut_until = 0
      @pause = nil

      class << self
        # @yieldreturn [ActiveJob::Base, Array<ActiveJob::Base>, nil]
        # @return [ActiveJob::Base, Array<ActiveJob::Base>, nil] the block's; nil if it was left out
        def attempt(&)
          return yield if @underway.key?(Thread.current)

          started = enter or return
          try(started, &)
        end

        # Forgets all failures, for specs.
        #
        # @return [void]
        def reset
          @mutex.synchronize do
            @shut_at = 0
            open
          end
        end

        private

        def enter
          @mutex.synchronize do
            started = Monotonic.now
            break if started < @shut_until || @underway.any? { |thread, at| thread.alive? && at < started - SLOW }

            # Of those who come when a pause ends, one tries.
            @shut_until = started + @pause if @pause
            @underway[Thread.current] = started
          end
        end

        def try(started)
          well = false
          yield.tap { |jobs| well = !slow?(started, Array(jobs).first) }
        ensure
          leave(started, well:)
        end

        def leave(started, well:)
          @mutex.synchronize do
            @underway.delete(Thread.current)
            well ? open : shut(started)
          end
        end

        # Adapters that ran the job meanwhile give it no id.
        def slow?(started, job) = Monotonic.now - started > SLOW && job&.provider_job_id

        def open
          @shut_until = 0
          @pause = nil
        end

        # What failed together counts once.
        def shut(started)
          return if started < @shut_at

          @shut_at = Monotonic.now
          @pause = @pause ? [@pause * 2, PAUSES.max].min : PAUSES.min
          @shut_until = @shut_at + @pause
        end
      end
    end
  end
end
