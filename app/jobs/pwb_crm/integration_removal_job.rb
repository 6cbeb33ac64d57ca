# frozen_string_literal: true

module PwbCrm
  # Takes back at the remote what a disconnected integration has left there, and deletes what is left of it here.
  class IntegrationRemovalJob < ApplicationJob
    # Seconds until what a host's transaction held is tried again.
    AGAIN = 10

    # @param integration_id [Integer]
    # @param _further [Array] what another version, which runs beside this one during a deploy, has to say
    # @return [void]
    def perform(integration_id, *_further)
      removal = Removal.new(integration_id)
      Removal.enqueue([integration_id], wait: removal.wait || AGAIN) if removal.call == :left
    end
  end
end
