# frozen_string_literal: true

module PwbCrm
  # Enqueues {IntegrationSyncJob} for what was written, once all transactions are committed: one job
  # for each integration and transaction. A lost wake-up costs only time, because the sweep finds
  # the rows; so nothing that goes wrong with the queue reaches the host.
  module Wake
    KEY = :pwb_crm_wakes
    private_constant :KEY

    class << self
      # @param integration_ids [Array<Integer>]
      # @return [void]
      def after_commit(integration_ids)
        return if integration_ids.empty?

        entry = [integration_ids]
        noted << entry
        ApplicationRecord.current_transaction.after_rollback { noted.delete_if { |other| other.equal?(entry) } }
        ActiveRecord.after_all_transactions_commit { flush }
      end

      # Enqueues the job now.
      #
      # @param integration_id [Integer]
      # @param wait [Numeric] seconds
      # @param job [IntegrationSyncJob]
      # @return [IntegrationSyncJob, nil] nil if the queue did not take it, or nothing is to be sent at present
      def call(integration_id, wait: settle_time, job: IntegrationSyncJob.new(integration_id))
        return unless Switch.on?

        inline? ? enqueue(job, wait) : Breaker.attempt { enqueue(job, wait) }
      rescue StandardError => e
        told(e, integration_id)
      end

      # Enqueues the jobs of several integrations, in one trip where the queue can.
      #
      # @param integration_ids [Array<Integer>]
      # @return [Array<IntegrationSyncJob>] those that the queue took
      def call_all(integration_ids)
        return integration_ids.filter_map { |id| call(id) } if integration_ids.one? || inline?

        call_together(integration_ids) || []
      end

      # The inline adapter runs jobs within the save and cannot wait.
      #
      # @return [Numeric] seconds between a save and its delivery
      def settle_time = inline? ? 0 : PwbCrm.config.settle_time

      # @return [Boolean] whether jobs run where they are enqueued
      def inline? = IntegrationSyncJob.queue_adapter_name == "inline"

      # Forgets what this process knows of its queue, for specs.
      #
      # @return [void]
      def reset
        Throttle.reset
        Breaker.reset
      end

      private

      # Some adapters raise, others leave the error with the job.
      def enqueue(job, wait)
        job.enqueue(wait.positive? ? { wait: wait.seconds } : {})
        raise job.enqueue_error if job.enqueue_error

        job if job.successfully_enqueued?
      rescue NotImplementedError => e
        # An adapter that cannot wait; it is no StandardError.
        told(e, job.arguments.first)
      end

      def call_together(ids)
        Breaker.attempt { enqueue_all(ids) } if Switch.on?
      rescue StandardError, NotImplementedError => e
        told(e, ids.join(", "))
      end

      def enqueue_all(ids)
        due = settle_time.seconds.from_now if settle_time.positive?
        jobs = ids.map { |id| IntegrationSyncJob.new(id).tap { |job| job.scheduled_at = due } }
        ActiveJob.perform_all_later(jobs)
        failed = jobs.find(&:enqueue_error)
        raise failed.enqueue_error if failed

        jobs.select(&:successfully_enqueued?)
      end

      def told(error, integration_id)
        Report.call(error, doing: "enqueueing the delivery job of integration #{integration_id}")
        nil
      end

      # The first callback after a commit takes them all, so that the others find nothing to do.
      def flush
        ids = noted.flatten
        noted.clear
        Throttle.pass(ids.uniq) { |awake| call_all(awake) }
      rescue StandardError => e
        Report.call(e, doing: "waking the delivery jobs of integrations #{ids.inspect}")
      end

      def noted = ActiveSupport::IsolatedExecutionState[KEY] ||= []
    end
  end
end
