# frozen_string_literal: true

module PwbCrm
  # Tells people what {Notice} says.
  class IntegrationNotifyJob < ApplicationJob
    # @param payload [Hash{Symbol => Object}] members of a notice; what another version knows beside them is passed over
    # @return [void]
    def perform(payload) = Notifier.deliver(Notice.new(**payload.slice(*Notice.members)))
  end
end
