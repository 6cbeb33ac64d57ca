# frozen_string_literal: true

module PwbCrm
  # Delivers what is due for one integration.
  class IntegrationSyncJob < ApplicationJob
    # @param integration_id [Integer]
    # @param _further [Array] what another version, which runs beside this one during a deploy, has to say
    # @return [void]
    def perform(integration_id, *_further) = Conveyor.drain(integration_id, job_id:)
  end
end
