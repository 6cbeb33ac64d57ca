# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Going again. There is one pending row for each record, so a row that meets a newer one steps
    # back, and the newer one inherits what is known about it.
    module Retryable
      # Puts an in-flight delivery back in line. It never waits for a host's transaction: where one
      # holds the record's pending row, the delivery stays in flight and the next drain recovers it.
      #
      # @param after [Numeric] seconds until it is due
      # @param doubt [Boolean] whether it may have arrived
      # @param attempts [Integer] counted so far
      # @param code [String, nil] of the error
      # @param message [String, nil] for people
      # @return [Boolean] whether it was possible
      def requeue(after: 0, doubt: self.doubt, attempts: self.attempts, code: nil, message: nil)
        reasons = { error_code: code, error_message: message }
        Sql.without_waiting do
          put_back(after, doubt:, attempts:, **reasons) || step_back(doubt:, attempts:, **reasons)
        end
      rescue ActiveRecord::RecordNotUnique
        # A newer row was committed between the look and the write; now it is seen.
        Sql.without_waiting { step_back(doubt:, attempts:, **reasons) }
      end

      private

      # Looks for a newer row in the statement that writes: on SQLite a transaction that reads first may fail.
      def put_back(after, **values)
        due = Arel.sql(Sql.now(after))
        mine.where(newer.arel.exists.not)
            .update_all(state: "pending", run_at: due, lease_token: nil, updated_at: Arel.sql(Sql.now), **values) == 1
      end

      def step_back(doubt:, attempts:, **reasons)
        inherit(doubt, attempts)
        mine.update_all(state: "superseded", doubt:, attempts:, tombstone: nil,
                        settled_at: Arel.sql(Sql.now), **reasons)
      end

      def inherit(doubt, attempts)
        inherited = Arel.sql("CASE WHEN attempts < ? THEN ? ELSE attempts END", attempts, attempts)
        newer.update_all(attempts: inherited, **(doubt ? { doubt: true } : {}))
      end

      def mine = Delivery.in_flight.where(id:, lease_token:)

      def newer
        Delivery.waiting.of_record(record_type, record_id).where(integration_id:).where.not(id:)
      end
    end
  end
end
