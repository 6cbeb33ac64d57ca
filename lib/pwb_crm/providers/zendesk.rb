# frozen_string_literal: true

module PwbCrm
  module Providers
    # Zendesk: contacts become users, enquiries and support tickets become tickets.
    #
    # Reads from the integration's `config`: subdomain, access_token, refresh_token, client_id,
    # client_secret (the last two else from {Configuration::Credentials}), custom_fields; email and
    # api_token are the older way, which Zendesk ends on 30 April 2027; for what comes in, hook_secret and
    # previous_hook_secret. From its `settings`: deletes, ticket_status, ticket_priority, user_fields, tags.
    class Zendesk < Base
      autoload :Farewell, "pwb_crm/providers/zendesk/farewell"
      autoload :Inbound, "pwb_crm/providers/zendesk/inbound"
      autoload :Limits, "pwb_crm/providers/zendesk/limits"
      private_constant :Farewell, :Inbound, :Limits

      include OAuth
      include Farewell
      include Limits
      include Inbound

      # The names its integration's `settings` may have.
      SETTINGS = %w[deletes ticket_status ticket_priority user_fields tags custom_fields].freeze

      # @return [Boolean]
      def erases? = true

      # @return [Boolean] as its `settings` say
      def deletes? = settings["deletes"] == "delete"

      # @return [Array<String>] what the integration's config lacks
      def missing_config
        missing = lacking(%w[subdomain])
        missing << "access_token, refresh_token or email with api_token" unless token? || legacy?
        missing.concat(missing_refresh_config)
      end

      # @return [Array<String>]
      def known_settings = SETTINGS + Limits::SETTINGS

      # @return [Array<String>]
      def people_with = %w[message support_ticket]

      # @return [String, nil]
      def account(config) = config["subdomain"]

      # @return [String]
      def mirror_key = "zendesk_id"

      private

      def app = "zendesk"

      def renew(refresh_token)
        ZendeskClient.refresh(subdomain: config["subdomain"], refresh_token:, client_id:, client_secret:)
      end

      def build_client
        ZendeskClient.new(subdomain: config["subdomain"], **credentials, shadow_key:, concurrency:,
                          settings: zendesk_settings)
      end

      def credentials
        return { access_token: config["access_token"] } if token?

        { email: config["email"], api_token: config["api_token"] }
      end

      # The plan keeps the ids of custom fields in the config.
      def zendesk_settings
        settings.slice(*SETTINGS).merge({ "custom_fields" => config["custom_fields"] }.compact)
      end

      def token? = config["access_token"].present? || config["refresh_token"].present?

      def legacy? = config["email"].present? && config["api_token"].present?
    end
  end
end
