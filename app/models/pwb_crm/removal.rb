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
        doing = "enqueueing the removal of integrations #{ids.inspect}"
        Enqueue.call(ids.map { |id| IntegrationRemovalJob.new(id) }, wait:, doing:)
      end

      # Removes all disconnected integrations in this process, as far as possible now. What one of them meets is told,
      # and stops none of the others.
      #
      # @return [Integer] how many are gone
      def call = Integration.disconnected.ids.count { |id| gone?(id) }

      private

      def gone?(id)
        new(id).call == :gone
      rescue StandardError => e
        Report.call(e, doing: "removing integration #{id}", about: { integration_id: id })
        false
      end
    end

    # @param integration_id [Integer]
    def initialize(integration_id)
      @integration = Integration.disconnected.where(id: integration_id)
      @integration_id = integration_id
    end

    # Works for as long as a drain may. What the remote has of ours is taken back first.
    #
    # @return [Symbol] :gone; :left if there is more to do later, see {#wait}; :kept if only the audit is left, whose
    #   time has yet to come
    def call
      integration = @integration.first or return :gone

      @ends = Monotonic.now + PwbCrm.config.drain_budget
      Receipt.abandon(@integration_id, Receipt::GONE)
      Resync.abandon(@integration_id)
      @wait = Integration::Farewell.new(integration).call
      kept = kept?
      return :left unless all_emptied?(kept ? TABLES - [SyncLog] : TABLES) && !@wait
      return :kept if kept

      deleted? ? :gone : :left
    end

    # @return [Numeric, nil] seconds that a remote wants to be left alone for, before the next try
    attr_reader :wait

    private

    def kept?
      @integration.exists?(["audit = 'keep' AND disconnected_at > #{Sql.now(-PwbCrm.config.keep_audit)}"])
    end

    def all_emptied?(tables) = tables.all? { |table| emptied?(table.where(integration_id: @integration_id)) }

    def emptied?(rows)
      deleted = CHUNK
      deleted = ApplicationRecord.delete_some(rows, CHUNK) while deleted == CHUNK && Monotonic.now < @ends
      rows.none?
    end

    # Takes with it what a transaction committed in the meantime that began before.
    def deleted? = Sql.without_waiting { @integration.delete_all }
  end
end
