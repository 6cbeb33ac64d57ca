# frozen_string_literal: true

module PwbCrm
  # Deletes what is old: logs, settled deliveries, applied inbound events; and what is left of disconnected
  # integrations. Links stay.
  module Pruning
    # Rows deleted at once.
    # @api private
    CHUNK = 1000
    # Dead letters are kept: somebody has to look at them.
    SETTLED = %w[succeeded skipped superseded].freeze
    # States of inbound events that are done with.
    APPLIED = %w[applied ignored].freeze

    class << self
      # @param older_than [ActiveSupport::Duration]
      # @return [Hash{Symbol => Integer}] how many rows were deleted, by table
      def call(older_than: 30.days)
        Events.measure(:prune) do |told|
          delete_all(older_than.ago).tap { |deleted| told[:count] = deleted.values.sum }
        end
      end

      private

      def delete_all(before)
        { deliveries: delete(settled.where(settled_at: ...before)),
          sync_logs: delete(SyncLog.where(created_at: ...before)),
          inbound_events: delete(InboundEvent.where(state: APPLIED, created_at: ...before)),
          integrations: Removal.call }
      end

      # What was left out in doubt has yet to be looked up by the record's next delivery.
      def settled = Delivery.where(state: SETTLED).where.not(state: "skipped", doubt: true)

      # In chunks, so that no statement holds many rows for long.
      def delete(rows)
        deleted = 0
        loop do
          count = ApplicationRecord.delete_some(rows, CHUNK)
          deleted += count
          return deleted if count < CHUNK
        end
      end
    end
  end
end
