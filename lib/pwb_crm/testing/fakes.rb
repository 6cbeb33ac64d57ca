# frozen_string_literal: true

require "uri"

module PwbCrm
  module Testing
    # Which fake stands for which hosts.
    #
    # @api private
    module Fakes
      # What people call the platforms.
      NAMES = { "zoho" => "zoho_crm", "webhook" => "custom" }.freeze
      # The domains of Zoho's data centres; Canada's accounts are elsewhere.
      ZOHO = %w[com eu in com.au jp com.cn ca sa uk ae].freeze
      ZOHO_HOSTS = [*ZOHO.flat_map { |top| ["www.zohoapis.#{top}", "accounts.zoho.#{top}"] }, "accounts.zohocloud.ca"]
                   .then { |hosts| Ractor.make_shareable(hosts) }
      private_constant :NAMES, :ZOHO, :ZOHO_HOSTS

      class << self
        # @param system [Symbol, String]
        # @return [String]
        def platform(system) = NAMES.fetch(system.to_s, system.to_s)

        # @param system [Symbol, String]
        # @return [String]
        # @raise [UsageError] for one that no integration can be of
        def platform!(system) = platform(Known.one_of!([*NAMES.keys, *Providers.platforms], system, "platform"))

        # @param platform [String]
        # @param stage [Stage] whose time it lives by
        # @return [Array(Array<String>, App)] its hosts and the fake
        # @raise [UsageError]
        def build(platform, stage, **)
          case platform
          when "zoho_crm" then [ZOHO_HOSTS, FakeZoho.new(clock: stage.clock, **)]
          when "zendesk" then zendesk(clock: stage.clock, **)
          when "custom" then receiver(**)
          else raise UsageError, "There is no fake of #{platform.inspect}: fake! knows :zoho, :zendesk and :webhook. " \
                                 "For another remote put a Rack app of yours into PwbCrm::Testing::Seam."
          end
        end

        # @param integration [Integration]
        # @return [App, nil] what stands for its remote
        def of(integration)
          seam = PwbCrm.config.transport
          host = host_of(integration) if seam.is_a?(Seam)
          host && seam[host]
        end

        private

        def zendesk(subdomain: "acme", **) = [["#{subdomain}.zendesk.com"], FakeZendesk.new(**)]

        # The real time, because signatures are made by it.
        def receiver(secrets: WEBHOOK_SECRET, url: "https://hooks.example.com", **)
          [[URI(url).host], FakeReceiver.new(secrets: Array(secrets), **)]
        end

        def host_of(integration)
          case integration.platform
          when "zoho_crm" then URI(integration.config["api_domain"].to_s).host
          when "zendesk" then "#{integration.config["subdomain"]}.zendesk.com"
          else URI(integration.webhook_url.to_s).host
          end
        end
      end
    end
  end
end
