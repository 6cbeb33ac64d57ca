# frozen_string_literal: true

module PwbCrm
  # Counts and notes what a {Resync} sends, turn by turn.
  class IntegrationResyncJob < ApplicationJob
    # @param run_id [Integer]
    # @param _further [Array] what another version, which runs beside this one during a deploy, has to say
    # @return [void]
    def perform(run_id, *_further)
      run = Resync.find_by(id: run_id) or return
      wait = ApplicationRecord.uncached { Resync::Turn.new(run).call }
      Resync.enqueue(run_id, wait:) if wait
    end
  end
end
