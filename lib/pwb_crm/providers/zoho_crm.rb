# frozen_string_literal: true

module PwbCrm
  module Providers
    # Zoho CRM: contacts become Contacts (or Leads), enquiries Notes on them, support tickets Cases.
    #
    # Reads from the integration's `config`: access_token, refresh_token, api_domain, accounts_server,
    # client_id, client_secret (the last two else from {Configuration::Credentials}); for what comes in,
    # hook_token and previous_hook_token; from its
    # `settings`: enquirers, deletes, erase, case_status, case_priority, case_origin, lead_source,
    # property_reference_field.
    class ZohoCrm < Base
      autoload :Farewell, "pwb_crm/providers/zoho_crm/farewell"
      autoload :Inbound, "pwb_crm/providers/zoho_crm/inbound"
      autoload :Limits, "pwb_crm/providers/zoho_crm/limits"
      private_constant :Farewell, :Inbound, :Limits

      include OAuth
      include Farewell
      include Limits
      include Inbound

      # Where the first data centre issues tokens; every other one has to be named.
      FIRST = { "https://www.zohoapis.com" => "https://accounts.zoho.com" }.freeze
      # The names its integration's `settings` may have.
      SETTINGS = %w[
        enquirers deletes erase case_status case_priority case_origin lead_source property_reference_field
      ].freeze
      # Records that one request takes.
      REQUEST = 100
      private_constant :REQUEST

      # @return [Boolean]
      def erases? = true

      # @return [Boolean] as its `settings` say
      def deletes? = settings["deletes"] == "delete"

      # @return [Array<String>] what the integration's config lacks
      def missing_config
        missing = []
        missing << "api_domain" if api_domain.blank?
        missing << "access_token or refresh_token" if lacking(%w[access_token refresh_token]).many?
        missing.concat(missing_refresh_config)
      end

      # @return [Array<String>]
      def known_settings = SETTINGS + Limits::SETTINGS

      # @return [Integer] what the heavy requests that may be under way at once take
      def slice = REQUEST * heavy

      # @return [Integer] what one request of Zoho's takes
      def small_slice = REQUEST

      # @return [Array<String>]
      def people_with = %w[message]

      # @return [String, nil] the data centre; two organisations in one never share an id
      def account(config) = config["api_domain"]

      # @return [String]
      def mirror_key = "zoho_id"

      private

      def app = "zoho"

      def renew(refresh_token)
        ZohoClient.refresh(refresh_token:, client_id:, client_secret:, accounts_server:)
      end

      def needed_for_refresh = super.merge("accounts_server" => accounts_server)

      def build_client
        ZohoClient.new(access_token: config["access_token"], api_domain:, shadow_key:, concurrency:, heavy:,
                       settings: settings.slice(*SETTINGS))
      end

      def api_domain = PwbCrm.config.zoho_base_url || config["api_domain"]

      def accounts_server
        PwbCrm.config.zoho_base_url || config["accounts_server"].presence || FIRST[config["api_domain"]]
      end
    end
  end
end
