# frozen_string_literal: true

require "net/http"

module Chaos
  # What runs every minute in a host, here every second; and the person who connects an account again whose tokens
  # were lost on the way.
  class Sweeper
    PAUSE = 1

    # @param control [String] address of the harness's page at the remotes
    # @param journal [Journal]
    def initialize(control, journal)
      @control = control
      @journal = journal
    end

    # @return [void] only when it is killed
    def run
      loop do
        guarded { PwbCrm::Sweep.call }
        guarded { reconnect }
        sleep PAUSE
      end
    end

    private

    def reconnect
      PwbCrm::Integration.where(state: "reconnect").find_each do |integration|
        reason = integration.state_reason
        integration.connect!(JSON.parse(Net::HTTP.get(URI("#{@control}/pair/#{integration.name}"))))
        @journal.note(event: "reconnected", integration: integration.name, reason:)
      end
    end

    # A cut connection, a Redis that is gone.
    def guarded
      yield
    rescue StandardError => e
      @journal.note(event: "sweep", error: "#{e.class}: #{e.message.lines.first}")
    end
  end
end
