# frozen_string_literal: true

module PwbCrm
  # Notes that the queue's workers work: the sweep enqueues it, and {Doctor} looks when it last ran.
  class IntegrationProbeJob < ApplicationJob
    # @api private
    # @return [void]
    def self.enqueue = Enqueue.call([new], doing: "enqueueing the job that shows whether the queue works")

    # @return [void]
    def perform = Mark.beat("queue")
  end
end
