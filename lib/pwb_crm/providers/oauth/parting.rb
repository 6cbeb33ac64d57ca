# frozen_string_literal: true

module PwbCrm
  module Providers
    module OAuth
      # Signing in with what was kept of a grant ({Base::Parting#farewell}), once the integration has it no more. Who
      # includes it defines `signs_in?` and `renew_of`, which asks for new tokens with it.
      #
      # @api private
      module Parting
        # What it takes to renew.
        NEEDED = %w[refresh_token client_id client_secret].freeze
        private_constant :NEEDED

        private

        # A token that has ended is renewed, once, and put into the words.
        def signed_in(words)
          signs_in?(words) ? yield(words) : raise(AuthenticationError, "no token")
        rescue AuthenticationError
          renewed?(words) ? yield(words) : raise
        end

        def renewed?(words)
          return false unless NEEDED.all? { |name| words[name].present? }

          words.merge!(renew_of(words).slice(:access_token, :refresh_token).compact.transform_keys(&:to_s))
          true
        rescue AuthenticationError
          false
        end
      end
    end
  end
end
