# frozen_string_literal: true

module PwbCrm
  # The safety net, to run every minute: starts deliveries whose wake-up was lost.
  class IntegrationSweepJob < ApplicationJob
    # @return [void]
    def perform = Sweep.call
  end
end
