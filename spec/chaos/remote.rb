# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "remote/testimony"
require_relative "remote/witness"
require_relative "remote/weather"
require_relative "remote/control"

module Chaos
  # All outside systems of a run in one process: a fake on a port of its own for each integration, with weather.
  module Remote
    # Requests that a fake remembers are dropped so often.
    FORGET = 5
    # Nothing here is about the systems' own limits, and their days pass quickly.
    PLENTY = { zoho: { concurrency: 1000, credits: 100_000_000 }, zendesk: { per_minute: 10_000_000 } }.freeze
    # Zoho grants ten refreshes in ten minutes: half a minute here.
    HASTE = 20

    class << self
      # Runs until it is killed.
      #
      # @param streams [Streams]
      # @param journal [Journal] of what is accepted
      # @param calls [Journal, nil] of all calls
      # @yieldparam addresses [Hash{String => String}] by name; "control" is the harness's own page
      def run(streams, journal, calls: nil)
        houses = Town.stations.to_h { |station| [station.name, house(station, streams, journal, calls)] }
        control = Control.new(houses)
        yield addresses(houses.transform_values { |house| house[:weather] }.merge("control" => control))
        loop { sleep(FORGET) and control.forget }
      end

      private

      def addresses(apps) = apps.transform_values { |app| PwbCrm::Testing::Server.start(app).url }

      def house(station, streams, journal, calls)
        fake = fake(station).extend(Witness).testify(journal, station)
        { station:, fake:, weather: Weather.new(fake, station, streams, calls:) }
      end

      def fake(station)
        case station.platform
        when "zoho_crm" then PwbCrm::Testing::FakeZoho.new(**account(station), **PLENTY[:zoho], clock: fast_clock)
        when "zendesk" then PwbCrm::Testing::FakeZendesk.new(**account(station), **PLENTY[:zendesk])
        else PwbCrm::Testing::FakeReceiver.new(secrets: [station.secret])
        end
      end

      def account(station)
        { access_token: station.access_token, refresh_token: station.refresh_token, client_id: "client",
          client_secret: "secret" }
      end

      def fast_clock
        start = Time.now
        -> { start + ((Time.now - start) * HASTE) }
      end
    end
  end
end
