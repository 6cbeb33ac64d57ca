# frozen_string_literal: true

module PwbCrm
  module Providers
    class Zendesk
      # Taking back what an integration has left at its account.
      #
      # @api private
      module Farewell
        include OAuth::Parting

        # Of the config.
        KEPT = %w[subdomain access_token refresh_token email api_token].freeze
        private_constant :KEPT

        # @return [Hash{String => Object}] with the address, where there is something to verify what comes to it
        def farewell
          app = { "client_id" => client_id, "client_secret" => client_secret }
          config.slice(*KEPT).merge(app, "address" => hook_secrets.any? ? hook_address : nil).compact
        end

        # Ends the access token, and the refresh token with it. An API token may serve others, too: it is the admin's.
        #
        # @param words [Hash{String => Object}] of {#farewell}; renewed tokens are put into it
        # @return [Symbol, nil]
        # @raise [Error]
        def revoke(words)
          return (Base::Parting::LEFT if words["api_token"]) unless words["access_token"] || words["refresh_token"]

          signed_in(words) { ZendeskClient.revoke(**place(words)) }
          nil
        rescue AuthenticationError
          nil # The grant is dead already.
        end

        # @return [Array<String>]
        def hook_types = %w[webhook trigger]

        # @param hooks [Array<Hash>] type ("webhook" or "trigger") and id of each
        # @param words [Hash{String => Object}] as above
        # @return [void]
        # @raise [Error]
        def remove_hooks(hooks, words)
          # A webhook that a trigger uses cannot be deleted.
          inner = hooks.sort_by { |hook| hook["type"] == "trigger" ? 0 : 1 }
          signed_in(words) do
            inner.each { |hook| ZendeskClient.remove_hook(type: hook["type"], id: hook["id"].to_s, **place(words)) }
          end
        end

        # @param address [String] of {#farewell}
        # @param words [Hash{String => Object}] as above
        # @return [void]
        # @raise [Error]
        def remove_hooks_to(address, words)
          signed_in(words) { ZendeskClient.remove_webhooks(to: address, **place(words)) }
        end

        private

        # How it ends, wherever the host has drawn the routes.
        def hook_address = "/webhooks/zendesk/#{integration.key}"

        def signs_in?(words) = words["access_token"] || words["api_token"]

        def place(words)
          way = words["access_token"] ? %w[access_token] : %w[email api_token]
          words.slice("subdomain", *way).transform_keys(&:to_sym)
        end

        def renew_of(words)
          options = words.slice("subdomain", "refresh_token", "client_id", "client_secret").transform_keys(&:to_sym)
          ZendeskClient.refresh(**options)
        end
      end
    end
  end
end
