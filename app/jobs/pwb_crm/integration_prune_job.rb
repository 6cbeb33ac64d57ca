# frozen_string_literal: true

module PwbCrm
  # Deletes what is old, to run every night: see {Pruning}.
  class IntegrationPruneJob < ApplicationJob
    # @return [void]
    def perform = Pruning.call
  end
end
