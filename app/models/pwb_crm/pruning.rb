# frozen_string_literal: true

module PwbCrm
  # Deletes what is older than the settings `keep_…` say: logs, settled deliveries, inbound events that are applied or
  # that have failed, runs, receipts; budgets that nobody uses; and what is left of disconnected integrations. Links
  # and dead letters stay.
  module Pruning
    # Rows deleted at once.
    # @api private
    CHUNK = 1000
    # Dead letters are kept: somebody has to look at them.
    SETTLED = %w[succeeded skipped superseded].freeze
    # States of inbound events that are done with.
    APPLIED = %w[applied ignored].freeze
    # Seconds after which a budget that nobody took from is as good as new.
    # @api private
    UNUSED = 172_800

    class << self
      # @param older_than [ActiveSupport::Duration, nil] in place of `keep_deliveries`, `keep_logs` and `keep_events`
      # @return [Hash{Symbol => Integer}] how many rows were deleted, by table
      # @raise [ConfigurationError] for an age below 0, by which all would be old
      def call(older_than: nil)
        raise ConfigurationError, "older_than is #{older_than.inspect}: an age is 0 or more." if older_than&.negative?

        Mark.beat("prune")
        Events.measure(:prune) do |told|
          old(older_than).transform_values { |rows| delete(rows) }.merge(integrations: Removal.call)
                         .tap { |deleted| told[:count] = deleted.values.sum }
        end
      end

      # @api private
      # @param text [String, nil] of DAYS
      # @return [ActiveSupport::Duration, nil]
      # @raise [ConfigurationError] for what is no number of days
      def age(text)
        return if text.blank?

        days = Integer(text, 10, exception: false)
        return days.days if days&.>=(0)

        raise ConfigurationError, "DAYS=#{text.inspect} is no number of days. Write it as in DAYS=90."
      end

      private

      def old(age)
        before = ->(setting) { ...(age || PwbCrm.config.public_send(setting).seconds).ago }
        { deliveries: settled.where(settled_at: before[:keep_deliveries]),
          sync_logs: SyncLog.where(created_at: before[:keep_logs]),
          inbound_events: InboundEvent.where(state: APPLIED, created_at: before[:keep_events]).or(given_up), **care }
      end

      # What they held are people's data, whom nobody may have had time for.
      def given_up = InboundEvent.failed.where(settled_at: ...PwbCrm.config.keep_failed_events.seconds.ago)

      def care
        kept = PwbCrm.config
        { runs: Resync.where(finished_at: ...kept.keep_deliveries.seconds.ago),
          receipts: Receipt.where.not(state: "pending").where(updated_at: ...kept.keep_audit.seconds.ago),
          budgets: Budget.where(updated_at: ...UNUSED.seconds.ago) }
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
