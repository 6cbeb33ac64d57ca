# frozen_string_literal: true

module PwbCrm
  class Resync
    # Takes back what a run has noted. What was saved since, or what such a record waits for, has left the bulk lane,
    # and what was tracked in bulk the run: they stay, and so does what is on its way.
    #
    # @api private
    class Cancellation
      CHUNK = 500
      # The list of states is the index's.
      WHICH = "delivery.run_id = :run_id AND delivery.state IN ('pending', 'in_flight', 'failed') " \
              "AND delivery.state = 'pending' AND delivery.bulk = TRUE LIMIT :limit"
      private_constant :CHUNK, :WHICH

      # @param run [Resync]
      def initialize(run)
        @run = run
      end

      # @return [Integer] how many deliveries
      def call
        count = 0
        loop do
          taken = Delivery.change_unheld(WHICH, changes, run_id: @run.id, code: CANCELLED, limit: CHUNK).length
          count += taken
          return count if taken < CHUNK
        end
      end

      private

      # Without the time of the record's change, so that a reconcile that finds it notes it.
      def changes = "state = 'skipped', record_updated_at = NULL, settled_at = #{Sql.now}, #{reason}"

      def reason
        message = "record_type || ' ' || record_id || ': its resync was cancelled.'"
        Delivery::Ending.reason(code: ":code", message:)
      end
    end
  end
end
