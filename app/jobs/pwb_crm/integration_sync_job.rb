# frozen_string_literal: true

module PwbCrm
  # Delivers what is due for one integration.
  class IntegrationSyncJob < ApplicationJob
    # @param integration_id [Integer]
    # @return [void]
    def perform(integration_id) = Conveyor.drain(integration_id)
  end
end
