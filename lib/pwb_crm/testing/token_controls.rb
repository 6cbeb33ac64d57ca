# frozen_string_literal: true

module PwbCrm
  module Testing
    # What a spec may do to the tokens of a fake behind the back of the app under test.
    module TokenControls
      # Kills the access tokens: the next call answers 401, a refresh brings a new one. Zendesk's API tokens
      # live on.
      #
      # @return [self]
      def revoke_token!
        control { grants.kill_access_tokens }
      end

      # Kills access, refresh and API tokens, as a user or an administrator does who removes the app.
      #
      # @return [self]
      def revoke_refresh_token!
        control { grants.kill_all }
      end

      # An authorization code, as the consent page would hand it to your callback. Good once: at Zoho for three
      # minutes, at Zendesk for 120 seconds.
      #
      # @return [String]
      def grant_code
        @lock.synchronize { grants.grant_code }
      end

      private

      def control(&)
        @lock.synchronize(&)
        self
      end
    end
    private_constant :TokenControls
  end
end
