# frozen_string_literal: true

module PwbCrm
  # Finds what callbacks have missed, to run every night: see {Reconcile}. It also takes up removals whose
  # job was lost.
  class IntegrationReconcileJob < ApplicationJob
    # @param integration_id [Integer, nil] only this one; nil enqueues a job for each
    # @return [void]
    def perform(integration_id = nil)
      return Reconcile.new(integration_id).call if integration_id

      Mark.beat("reconcile")
      Reconcile.enqueue
      Removal.enqueue
    end
  end
end
