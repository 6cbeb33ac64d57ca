# frozen_string_literal: true

module PwbCrm
  # Finds what callbacks have missed, to run every night: see {Reconcile}.
  class IntegrationReconcileJob < ApplicationJob
    # @param integration_id [Integer, nil] only this one; nil enqueues a job for each
    # @return [void]
    def perform(integration_id = nil)
      integration_id ? Reconcile.new(integration_id).call : Reconcile.enqueue
    end
  end
end
