# frozen_string_literal: true

module PwbCrm
  class Delivery
    # The ends of a delivery.
    module Settleable
      # @param state [Symbol] :succeeded, :skipped or :failed
      # @param code [String, nil] of the error
      # @param message [String, nil] for people: what happened and what to do
      # @return [void]
      def settle(state, code: nil, message: nil)
        # A dead letter keeps its tombstone: what it would have said may still be wanted.
        Delivery.in_flight.where(id:, lease_token:).update_all(
          state: state.to_s, doubt: false, error_code: code, error_message: message,
          settled_at: Arel.sql(Sql.now), updated_at: Arel.sql(Sql.now), **(state == :failed ? {} : { tombstone: nil })
        )
      end

      # Older dead letters of the record say nothing any more once a later delivery has arrived.
      #
      # @return [void]
      def supersede_dead
        Delivery.dead.of_record(record_type, record_id).where(integration_id:).where(id: ...id)
                .update_all(state: "superseded", updated_at: Arel.sql(Sql.now))
      end
    end
  end
end
