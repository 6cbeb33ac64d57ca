# frozen_string_literal: true

module PwbCrm
  # Notes that the queue's workers work: the sweep enqueues it, and {Doctor} looks when it last ran.
  class IntegrationProbeJob < ApplicationJob
    # Enqueues it; what goes wrong with the queue is reported and stays there.
    #
    # @api private
    # @return [void]
    def self.enqueue
      perform_later
    rescue StandardError, NotImplementedError => e
      Report.call(e, doing: "enqueueing the job that shows whether the queue works")
    end

    # @return [void]
    def perform = Mark.beat("queue")
  end
end
