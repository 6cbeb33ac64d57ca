# frozen_string_literal: true

module PwbCrm
  module Providers
    # For remotes whose access tokens are renewed with a refresh token. The OAuth app is the tenant's own, from
    # the integration's `config`, or the host's ({Configuration::Credentials}). Who includes it defines `app`, the
    # beginning of the host's settings for it, and `renew`.
    module OAuth
      autoload :Parting, "pwb_crm/providers/oauth/parting"

      # @return [Boolean]
      def refreshable? = config["refresh_token"].present? && missing_for_refresh.empty?

      # @return [Hash] access_token and expires_in, seconds; refresh_token where it rotates: the old one is dead then
      # @raise [Error] {AuthenticationError} when people have to connect again
      def refresh
        refreshable? ? renew(config["refresh_token"]) : super
      rescue AuthenticationError => e
        raise e if e.status.nil? || e.code.present?

        raise wordless(e), cause: nil
      end

      private

      # A page, or JSON without a word of OAuth's, may come from anything on the way: it says nothing of the grant.
      def wordless(error)
        RemoteError.new("The remote refused to renew the tokens with HTTP #{error.status}, and does not say why",
                        status: error.status, code: "http_#{error.status}", sent: error.sent)
      end

      def needed_for_refresh = { "client_id" => client_id, "client_secret" => client_secret }

      def missing_for_refresh = needed_for_refresh.filter_map { |name, value| name if value.blank? }

      # Nothing is missing where nobody wants to refresh.
      def missing_refresh_config = config["refresh_token"].present? ? missing_for_refresh : []

      def client_id = app_credential("client_id")

      def client_secret = app_credential("client_secret")

      def app_credential(name) = config[name].presence || PwbCrm.config.public_send(:"#{app}_#{name}")
    end
    private_constant :OAuth
  end
end
