# frozen_string_literal: true

require "concurrent/scheduled_task"

module PwbCrm
  module Wake
    # Enqueues a job when a limit has room again, a moment from now. Queues look after their scheduled jobs every few
    # seconds only, and a limit may be one request a second; a worker that slept would be missing for other tenants. So
    # one thread of the process waits for all. If the process ends before, the sweep finds what is due.
    #
    # @api private
    module Alarm
      # Seconds between two turns of an integration, at least.
      SHORTEST = 0.02

      @timer = ->(seconds, &ring) { Concurrent::ScheduledTask.execute(seconds, &ring) }

      class << self
        # @return [#call] what calls its block after so many seconds; tests let virtual time pass
        attr_accessor :timer

        # @param integration_id [Integer]
        # @param seconds [Float]
        # @return [Boolean] whether it is set
        def set(integration_id, seconds)
          timer.call([seconds, SHORTEST].max) { ring(integration_id) }
          true
        rescue StandardError => e
          # A process that is shutting down takes no more of them.
          Report.call(e, doing: "setting the alarm of integration #{integration_id}", about: { integration_id: })
          false
        end

        private

        def ring(integration_id)
          Rails.application.executor.wrap { Wake.call(integration_id, wait: 0) }
        rescue StandardError => e
          Report.call(e, doing: "waking the delivery job of integration #{integration_id}", about: { integration_id: })
        end
      end
    end
  end
end
