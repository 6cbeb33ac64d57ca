# frozen_string_literal: true

module PwbCrm
  class Receipt
    # What can no longer be erased from here, because its integration is gone or leads to another account. Somebody has
    # to do it by hand, and is told so.
    #
    # @api private
    module Unreachable
      extend ActiveSupport::Concern

      GONE = "It was disconnected, so nothing can be erased there from here: do so in the system itself, by hand."
      MOVED = "It leads to another account now, so nothing can be erased in the former one from here: do so there, " \
              "by hand."
      # Deliveries that are still to be made, or that people may have made.
      LEFT = (Delivery::UNDELIVERED + Delivery::Replayable::FOR_PEOPLE).freeze
      # With the order of both statements only the index on receipts fits, and not the one on states: this runs inside
      # the host's save, and deliveries of other causes may be many.
      MINE = "receipt_id > 0"
      ERASING = "delivery.integration_id = :integration_id AND delivery.#{MINE} " \
                "AND CASE WHEN delivery.state IN (:states) THEN delivery.action END = 'erase' " \
                "ORDER BY delivery.receipt_id".freeze
      private_constant :LEFT, :MINE, :ERASING

      # Class methods of {Receipt}.
      module ClassMethods
        # @param integration_id [Integer]
        # @param reason [String] {GONE} or {MOVED}
        # @return [void]
        def abandon(integration_id, reason)
          parts = Delivery.where(integration_id:, state: LEFT).where(MINE).order(:receipt_id)
          held(parts.distinct.pluck(:receipt_id)) { |receipt| receipt.abandon(integration_id, reason) }
          take_back(integration_id, reason)
        end

        private

        # But for what is on its way or held by a host's transaction, which nobody hears of any more.
        def take_back(integration_id, reason)
          said = Delivery::Ending.reason(message: "record_type || ' ' || record_id || ': ' || :reason")
          changes = "state = 'skipped', doubt = FALSE, tombstone = NULL, settled_at = #{Sql.now}, #{said}"
          Delivery.change_unheld(ERASING, changes, integration_id:, states: LEFT - %w[in_flight], reason:)
        end
      end

      # @param integration_id [Integer]
      # @param reason [String]
      # @return [void]
      def abandon(integration_id, reason)
        at = Time.current.utc.iso8601
        left = change do |entry|
          { "outcome" => "unreachable", "reason" => reason, "at" => at } if entry["integration_id"] == integration_id
        end
        pass_on(left) { |receipt, _| receipt.abandon(integration_id, reason) }
      end
    end
  end
end
