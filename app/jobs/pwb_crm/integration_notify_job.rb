# frozen_string_literal: true

module PwbCrm
  # Tells people what {Notice} says. Whoever could not be told is told again later, and only they.
  class IntegrationNotifyJob < ApplicationJob
    # What happened is for those whom it concerns, and not for the log.
    self.log_arguments = false

    # How often it tries.
    TRIES = 5
    # Seconds until the second time; four times as long until each further one.
    PAUSE = 30
    private_constant :TRIES, :PAUSE

    # @param payload [Hash{Symbol => Object}] members of a notice, and the ways by which it is still to be told; what
    #   another version knows beside them is passed over
    # @return [void]
    def perform(payload)
      failed = Notifier.deliver(Notice.new(**payload.slice(*Notice.members)), payload.fetch(:ways, Notifier::WAYS))
      again(payload.merge(ways: failed)) if failed.any? && executions < TRIES && !Wake.inline?
    end

    private

    def again(payload)
      self.arguments = [payload]
      Enqueue.call([self], wait: PAUSE * (4**(executions - 1)), doing: "enqueueing a notice that could not be told")
    end
  end
end
