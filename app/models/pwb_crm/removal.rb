# frozen_string_literal: true

module PwbCrm
  # Deletes what belongs to a disconnected integration, in chunks, and the integration at last. It waits for
  # nobody: what a host's transaction holds is left for later.
  #
  # @api private
  class Removal
    # Rows deleted at once.
    CHUNK = 1000
    # What belongs to an integration, in the order in which it goes.
    TABLES = [Delivery, SyncLog, InboundEvent, Link].freeze

    class << self
      # Enqueues a job for each disconnected integration: the safety net for jobs that were lost.
      #
      # @param ids [Array<Integer>]
      # @param wait [Numeric] seconds
      # @return [void]
      def enqueue(ids = Integration.disconnected.ids, wait: 0)
        job = wait.positive? ? IntegrationRemovalJob.set(wait: wait.seconds) : IntegrationRemovalJob
        ids.each { |id| job.perform_later(id) }
      rescue StandardError, NotImplementedError => e
        Report.call(e, doing: "enqueueing the removal of integrations #{ids.inspect}")
      end

      # Removes all disconnected integrations in this process, as far as possible now.
      #
      # @return [Integer] how many are gone
      def call = Integration.disconnected.ids.count { |id| new(id).call == :gone }
    end

    # @param integration_id [Integer]
    def initialize(integration_id)
      @integration = Integration.disconnected.where(id: integration_id)
      @integration_id = integration_id
    end

    # Works for as long as a drain may.
    #
    # @return [Symbol] :gone, or :left if there is more to do later
    def call
      return :gone unless @integration.exists?

      @ends = now + PwbCrm.config.drain_budget
      TABLES.all? { |table| emptied?(table.where(integration_id: @integration_id)) } && deleted? ? :gone : :left
    end

    private

    def emptied?(rows)
      deleted = CHUNK
      deleted = ApplicationRecord.delete_some(rows, CHUNK) while deleted == CHUNK && now < @ends
      rows.none?
    end

    # Takes with it what a transaction committed in the meantime that began before.
    def deleted? = Sql.without_waiting { @integration.delete_all }

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
