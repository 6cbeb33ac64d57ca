# frozen_string_literal: true

require "json"

module Chaos
  # The tenants of a run, what they are connected to, and where that stands: six websites with different mixes.
  module Town
    # One integration and the remote behind it.
    Station = Data.define(:tenant, :platform, :number, :settings, :switches) do
      def initialize(settings: {}, switches: {}, **) = super

      def name = "w#{tenant}-#{platform}-#{number}"

      def access_token = "access-#{name}"

      def refresh_token = "refresh-#{name}"

      def secret = "whsec_#{[name.ljust(32, ".")].pack("m0")}"
    end

    REMOVE = { "deletes" => "delete" }.freeze
    PLAN = {
      1 => [["zoho_crm", {}], ["zendesk", {}], ["custom", {}]],
      2 => [["zoho_crm", REMOVE], ["custom", {}]],
      3 => [["zendesk", REMOVE]],
      4 => [["custom", {}], ["custom", {}, { sync_messages: false }]],
      5 => [["zoho_crm", { "enquirers" => "lead" }], ["zendesk", {}]],
      6 => [["zoho_crm", {}, { sync_support_tickets: false, sync_comments: false }],
            ["zendesk", {}, { sync_contacts: false }], ["custom", {}]]
    }.freeze

    class << self
      # @return [Array<Station>]
      def stations
        PLAN.flat_map do |tenant, mix|
          mix.each_with_index.map do |(platform, settings, switches), number|
            Station.new(tenant:, platform:, number:, settings:, switches: switches || {})
          end
        end
      end

      # Makes the rows.
      #
      # @param addresses [Hash{String => String}] name of a station to the address of its remote
      # @return [void]
      def settle(addresses)
        PLAN.each_key { |id| Pwb::Website.create!(id:, subdomain: "w#{id}", company_display_name: "Tenant #{id}") }
        stations.each { |station| connect(station, addresses.fetch(station.name)) }
      end

      private

      def connect(station, url)
        PwbCrm::Integration.create!(
          website_id: station.tenant, platform: station.platform, name: station.name, settings: station.settings,
          **station.switches, **(station.platform == "custom" ? hook(station, url) : { config: account(station, url) })
        )
      end

      def hook(station, url) = { webhook_url: "#{url}/hook", config: { webhook_secret: station.secret } }

      # Its first token ends so soon that it is refreshed early.
      def account(station, url)
        { api_domain: url, accounts_server: url, subdomain: "w#{station.tenant}", base_url: url,
          client_id: "client", client_secret: "secret", access_token: station.access_token,
          refresh_token: station.refresh_token, token_expires_at: 320.seconds.from_now.utc.iso8601 }
      end
    end
  end
end
