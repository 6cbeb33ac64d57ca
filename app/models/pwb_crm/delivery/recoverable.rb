# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What to do with deliveries whose worker died: nobody knows whether they arrived.
    module Recoverable
      extend ActiveSupport::Concern

      # Class methods of {Delivery}.
      module ClassMethods
        # Puts everything that an earlier holder of the lease left in flight back in line, in doubt:
        # it is looked up at the remote before it is repeated.
        #
        # One that took its worker down with it each time becomes a dead letter.
        #
        # @param lease [Lease] of the integration
        # @return [Integer] how many there were
        def recover(lease)
          left_behind(lease).find_in_batches.sum do |rows|
            finish(rows.map { |delivery| after_loss(delivery) })
            rows.size
          end
        end

        private

        # Not of a later holder: who finds some of those has lost the lease without knowing it yet.
        def left_behind(lease)
          in_flight.where(integration_id: lease.integration_id)
                   .where("lease_token IS NULL OR lease_token < ?", lease.token)
        end

        def after_loss(delivery)
          return given_up(delivery) if delivery.attempts >= PwbCrm.config.max_attempts

          Ending.new(delivery:, state: :pending, doubt: true, after: Drain::Backoff.after_loss(delivery.attempts))
        end

        def given_up(delivery)
          message = "#{delivery.label}: its worker died in each of #{delivery.attempts} attempts. Please report this."
          Ending.new(delivery:, state: :failed, doubt: true, code: "worker_died", message:)
        end
      end
    end
  end
end
