# frozen_string_literal: true

module PwbCrm
  # Applies what the remote of one integration has told.
  class IntegrationInboundJob < ApplicationJob
    # @param integration_id [Integer]
    # @param _further [Array] what another version, which runs beside this one during a deploy, has to say
    # @return [void]
    def perform(integration_id, *_further) = Inbound::Turn.new(integration_id).take
  end
end
