# frozen_string_literal: true

module PwbCrm
  module Providers
    class Zendesk
      # Taking back what an integration has left at its account.
      #
      # @api private
      module Farewell
        # Of the config.
        NEEDED = %w[subdomain access_token refresh_token email api_token].freeze
        private_constant :NEEDED

        # @return [Hash{String => Object}]
        def farewell
          config.slice(*NEEDED).merge("client_id" => client_id, "client_secret" => client_secret).compact
        end

        # Ends the access token, and the refresh token with it.
        #
        # @param words [Hash{String => Object}] of {#farewell}; renewed tokens are put into it
        # @return [void]
        # @raise [Error]
        def revoke(words)
          return unless words["access_token"] || words["refresh_token"]

          signed_in(words) { |place| ZendeskClient.revoke(**place) }
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
          signed_in(words) do |place|
            inner.each { |hook| ZendeskClient.remove_hook(type: hook["type"], id: hook["id"].to_s, **place) }
          end
        end

        private

        # A token that has ended may be renewed.
        def signed_in(words)
          words["access_token"] || words["api_token"] ? yield(place(words)) : raise(AuthenticationError, "no token")
        rescue AuthenticationError
          renewed?(words) ? yield(place(words)) : raise
        end

        def place(words)
          way = words["access_token"] ? %w[access_token] : %w[email api_token]
          words.slice("subdomain", *way).transform_keys(&:to_sym)
        end

        def renewed?(words)
          return false unless %w[refresh_token client_id client_secret].all? { |name| words[name].present? }

          options = words.slice("subdomain", "refresh_token", "client_id", "client_secret").transform_keys(&:to_sym)
          fresh = ZendeskClient.refresh(**options)
          words.merge!(fresh.slice(:access_token, :refresh_token).compact.transform_keys(&:to_s))
          true
        rescue AuthenticationError
          false
        end
      end
    end
  end
end
