# frozen_string_literal: true

module PwbCrm
  # Hands jobs to the host's queue. What goes wrong with that is reported and reaches nobody: what a lost job was to do
  # is in the database, where the sweep or the next night finds it.
  #
  # @api private
  module Enqueue
    class << self
      # @param jobs [Array<ActiveJob::Base>] several at once go in one trip, and without the host's callbacks
      # @param doing [String] what is being done, for the report
      # @param wait [Numeric] seconds
      # @param breaker [Boolean] whether they may be left out while the queue is down, see {Wake::Breaker}
      # @return [Array<ActiveJob::Base>, nil] those that the queue took; nil if they were left out
      def call(jobs, doing:, wait: 0, breaker: false)
        return if held?(jobs.first)

        guard = breaker && !Wake.inline?
        guard ? Wake::Breaker.attempt { attempt(jobs, wait, doing) } : attempt(jobs, wait, doing)
      rescue StandardError => e
        told(e, doing)
      end

      private

      # By the testing kit, which delivers itself.
      def held?(job) = PwbCrm.const_defined?(:Testing, false) && Testing.holds?(job)

      # Some adapters raise, others leave the error with the job.
      def attempt(jobs, wait, doing)
        hand_over(jobs, wait)
        failed = jobs.find(&:enqueue_error)
        raise failed.enqueue_error if failed

        jobs.select(&:successfully_enqueued?)
      rescue NotImplementedError => e
        # An adapter that cannot wait; it is no StandardError.
        told(e, doing)
      end

      def hand_over(jobs, wait)
        due = wait.seconds.from_now if wait.positive?
        return jobs.first.enqueue(due ? { wait_until: due } : {}) if jobs.one?

        ActiveJob.perform_all_later(jobs.each { |job| job.scheduled_at = due })
      end

      def told(error, doing)
        Report.call(error, doing:)
        []
      end
    end
  end
end
