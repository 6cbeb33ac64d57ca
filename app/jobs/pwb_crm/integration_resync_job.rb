# frozen_string_literal: true

module PwbCrm
  # Counts and notes what a {Resync} sends, turn by turn.
  class IntegrationResyncJob < ApplicationJob
    # @param run_id [Integer]
    # @param pulse [String, nil] the last sign of life when it was enqueued: a job that comes to another one finds that
    #   somebody else is at it, and ends
    # @param _further [Array] what another version, which runs beside this one during a deploy, has to say
    # @return [void]
    def perform(run_id, pulse = nil, *_further)
      run = Resync.find_by(id: run_id) or return
      wait = ApplicationRecord.uncached { Resync::Turn.new(run, pulse).call }
      Resync.enqueue(run_id, wait:) if wait
    end
  end
end
