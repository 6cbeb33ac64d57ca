# frozen_string_literal: true

module PwbCrm
  module Providers
    # Zoho CRM: contacts become Contacts (or Leads), enquiries Notes on them, support tickets Cases.
    #
    # Reads from the integration's `config`: access_token, refresh_token, api_domain, accounts_server,
    # client_id, client_secret (the last two else from {Configuration::Credentials}); from its
    # `settings`: enquirers, deletes, case_status, case_priority, case_origin, lead_source,
    # property_reference_field.
    class ZohoCrm < Base
      # Where the first data centre issues tokens; every other one has to be named.
      FIRST = { "https://www.zohoapis.com" => "https://accounts.zoho.com" }.freeze
      SETTINGS = %w[enquirers deletes case_status case_priority case_origin lead_source property_reference_field].freeze

      # @return [Array<String>] what the integration's config lacks
      def missing_config
        missing = []
        missing << "api_domain" if api_domain.blank?
        missing << "access_token or refresh_token" if lacking(%w[access_token refresh_token]).many?
        missing.concat(missing_for_refresh) if config["refresh_token"].present?
        missing
      end

      # @return [Array<String>]
      def known_settings = SETTINGS

      # @return [Boolean]
      def refreshable? = config["refresh_token"].present? && missing_for_refresh.empty?

      # @return [Hash] access_token and expires_in, seconds
      # @raise [Error] {AuthenticationError} when people have to connect again
      def refresh
        return super unless refreshable?

        ZohoClient.refresh(refresh_token: config["refresh_token"], client_id:, client_secret:, accounts_server:)
      end

      # @return [String]
      def mirror_key = "zoho_id"

      private

      def build_client
        ZohoClient.new(access_token: config["access_token"], api_domain:, shadow_key:,
                       settings: settings.slice(*SETTINGS))
      end

      def api_domain = PwbCrm.config.zoho_base_url || config["api_domain"]

      def accounts_server
        PwbCrm.config.zoho_base_url || config["accounts_server"].presence || FIRST[config["api_domain"]]
      end

      def client_id = config["client_id"].presence || PwbCrm.config.zoho_client_id

      def client_secret = config["client_secret"].presence || PwbCrm.config.zoho_client_secret

      def missing_for_refresh
        { "client_id" => client_id, "client_secret" => client_secret, "accounts_server" => accounts_server }
          .filter_map { |name, value| name if value.blank? }
      end
    end
  end
end
