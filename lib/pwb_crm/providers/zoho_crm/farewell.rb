# frozen_string_literal: true

module PwbCrm
  module Providers
    class ZohoCrm
      # Taking back what an integration has left at Zoho.
      #
      # @api private
      module Farewell
        include OAuth::Parting

        # Of the config.
        KEPT = %w[access_token refresh_token api_domain].freeze
        # Zoho knows a token without its app; the client asks for one all the same.
        NOBODY = "-"
        private_constant :KEPT, :NOBODY

        # @return [Hash{String => Object}]
        def farewell
          return {} if lacking(%w[access_token refresh_token]).many?

          config.slice(*KEPT).merge("accounts_server" => accounts_server, "client_id" => client_id,
                                    "client_secret" => client_secret).compact
        end

        # Ends the refresh token, and the access tokens with it.
        #
        # @param words [Hash{String => Object}] of {#farewell}
        # @return [void]
        # @raise [Error]
        def revoke(words)
          token = words["refresh_token"].presence || words["access_token"]
          ZohoClient.revoke(token:, client_id: NOBODY, client_secret: NOBODY, **app_of(words))
        end

        # @return [Array<String>]
        def hook_types = %w[channel]

        # @param hooks [Array<Hash>] type ("channel") and id of each
        # @param words [Hash{String => Object}] as above; a renewed token is put into it
        # @return [void]
        # @raise [Error]
        def remove_hooks(hooks, words)
          signed_in(words) do
            zoho = ZohoClient.new(access_token: words["access_token"], api_domain: words["api_domain"])
            hooks.each { |hook| zoho.remove_channel(hook["id"].to_s) }
          end
        end

        private

        def signs_in?(words) = words["access_token"].present?

        def renew_of(words) = ZohoClient.refresh(refresh_token: words["refresh_token"], **app_of(words))

        def app_of(words) = words.slice("client_id", "client_secret", "accounts_server").transform_keys(&:to_sym)
      end
    end
  end
end
