# frozen_string_literal: true

module PwbCrm
  # Enqueues {IntegrationSyncJob} for what was written, once all transactions are committed: one job
  # for each integration and transaction. A lost wake-up costs only time, because the sweep finds
  # the rows; so nothing that goes wrong with the queue reaches the host.
  #
  # @api private
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
        send_off([job], wait).first
      end

      # Enqueues the jobs of several integrations, in one trip where the queue can.
      #
      # @param integration_ids [Array<Integer>]
      # @return [Array<IntegrationSyncJob>] those that the queue took
      def call_all(integration_ids)
        jobs = integration_ids.map { |id| IntegrationSyncJob.new(id) }
        inline? ? jobs.flat_map { |job| send_off([job], 0) } : send_off(jobs, settle_time)
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

      def send_off(jobs, wait)
        return [] unless Switch.on?

        taken = Enqueue.call(jobs, wait:, breaker: true, doing: doing(jobs))
        tell(jobs, taken)
        taken || []
      end

      def tell(jobs, taken)
        jobs.group_by { |job| outcome(job, taken) }.each do |outcome, some|
          Events.emit_each(:wake, some.map { |job| job.arguments.first }, outcome:)
        end
      end

      def outcome(job, taken)
        return :left_out unless taken

        taken.include?(job) ? :queued : :failed
      end

      def doing(jobs)
        "enqueueing the delivery job of integration #{jobs.map { |job| job.arguments.first }.join(", ")}"
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
