# frozen_string_literal: true

module PwbCrm
  class Receipt
    # What is gone because an earlier attempt had erased it, whose answer was lost.
    #
    # @api private
    module Earlier
      SAID = "It is gone; the answer to an earlier attempt to erase it was lost."
      # Seconds by which a row that an erasure has made may be older than what it was noted for last.
      SAME = 1
      private_constant :SAME

      class << self
        # @param delivery [Delivery] an erasure whose record the system has no longer
        # @return [Boolean]
        def erased?(delivery) = delivery.doubt && (unanswered?(delivery) || cut_short?(delivery))

        private

        def unanswered?(delivery)
          SyncLog.failed.where(**delivery.slice(:integration_id, :record_type, :record_id), action: "erase")
                 .where("http_status IS NULL OR http_status >= 500").exists?
        end

        # A worker that dies leaves no log. A row that was noted as something else may have been that when it did.
        def cut_short?(delivery) = delivery.attempts > 1 && delivery.occurred_at - delivery.created_at < SAME
      end
    end
  end
end
