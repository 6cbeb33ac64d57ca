# frozen_string_literal: true

module PwbCrm
  class Delivery
    # The ends of a delivery.
    module Settleable
      # A dead letter of a delete keeps its tombstone: nothing else tells what was to be deleted.
      #
      # @param state [Symbol] :succeeded, :skipped or :failed
      # @param doubt [Boolean] whether what failed or was left out may have arrived; the record's next delivery
      #   ({Claimable}) then looks before it repeats
      # @param code [String, nil] of the error
      # @param message [String, nil] for people: what happened and what to do
      # @return [void]
      def settle(state, doubt: false, code: nil, message: nil)
        kept = state == :failed ? {} : { tombstone: nil }
        Delivery.in_flight.where(id:, lease_token:).update_all(
          state: state.to_s, doubt:, error_code: code, error_message: message,
          settled_at: Arel.sql(Sql.now), updated_at: Arel.sql(Sql.now), **kept
        )
      end

      # Older dead letters of the record say nothing any more once a later delivery has arrived, and what was left
      # out in doubt leaves none.
      #
      # @return [void]
      def supersede_dead
        older = Delivery.of_record(record_type, record_id).where(integration_id:).where(id: ...id)
        older.replayable.or(older.where(state: "skipped", doubt: true)).update_all(
          state: Arel.sql("CASE state WHEN 'skipped' THEN state ELSE 'superseded' END"),
          doubt: false, tombstone: nil, updated_at: Arel.sql(Sql.now)
        )
      end
    end
  end
end
