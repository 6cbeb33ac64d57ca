# frozen_string_literal: true

module PwbCrm
  module Providers
    class ZohoCrm
      # Taking back what an integration has left at Zoho. Notification channels end by themselves within a week.
      #
      # @api private
      module Farewell
        # Zoho knows a token without its app; the client asks for one all the same.
        NOBODY = "-"
        private_constant :NOBODY

        # @return [Hash{String => Object}]
        def farewell
          token = config["refresh_token"].presence || config["access_token"].presence
          return {} unless token

          { "token" => token, "accounts_server" => accounts_server, "client_id" => client_id,
            "client_secret" => client_secret }.compact
        end

        # Ends the refresh token, and the access tokens with it.
        #
        # @param words [Hash{String => Object}] of {#farewell}
        # @return [void]
        # @raise [Error]
        def revoke(words)
          app = { client_id: NOBODY, client_secret: NOBODY, **words.except("token").transform_keys(&:to_sym) }
          ZohoClient.revoke(token: words["token"], **app)
        end
      end
    end
  end
end
