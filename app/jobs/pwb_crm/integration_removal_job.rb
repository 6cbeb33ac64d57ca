# frozen_string_literal: true

module PwbCrm
  # Deletes what is left of a disconnected integration.
  class IntegrationRemovalJob < ApplicationJob
    # Seconds until what a host's transaction held is tried again.
    AGAIN = 10

    # @param integration_id [Integer]
    # @return [void]
    def perform(integration_id)
      Removal.enqueue([integration_id], wait: AGAIN) if Removal.new(integration_id).call == :left
    end
  end
end
