# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What to do with deliveries whose worker died: nobody knows whether they arrived.
    module Recoverable
      extend ActiveSupport::Concern

      class_methods do
        # Puts everything that an earlier holder of the lease left in flight back in line, in doubt:
        # it is looked up at the remote before it is repeated.
        #
        # One that took its worker down with it each time becomes a dead letter.
        #
        # @param lease [Lease] of the integration
        # @return [Integer] how many there were
        def recover(lease)
          left = in_flight.where(integration_id: lease.integration_id)
          left.where("lease_token IS NULL OR lease_token <> ?", lease.token).order(:id).each(&:recover).size
        end
      end

      # @return [void]
      def recover
        attempts < PwbCrm.config.max_attempts ? go_again_after_loss : give_up_after_loss
      end

      private

      def go_again_after_loss = requeue(doubt: true, after: Drain::Backoff.after_loss(attempts))

      def give_up_after_loss
        settle(:failed, doubt: true, code: "worker_died",
                        message: "#{label}: its worker died in each of #{attempts} attempts. Please report this.")
      end
    end
  end
end
