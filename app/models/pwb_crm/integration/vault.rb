# frozen_string_literal: true

module PwbCrm
  class Integration
    # Keeps the rotating tokens. Zendesk deletes the old pair when it issues a new one, so writing an
    # old one back would disconnect for good: every write compares the version it read.
    module Vault
      # An access token is renewed this long before it ends.
      EARLY = 5.minutes

      # Takes a new pair of tokens, after people have connected (again).
      #
      # @param fresh [Hash] access_token, refresh_token, expires_in (seconds), as the remote answers
      # @return [self]
      def connect!(fresh)
        store_tokens(fresh)
        update!(state: "ready", state_reason: nil)
        self
      end

      # @return [Boolean] whether the access token is missing or ends soon, and can be renewed. A remote
      #   that does not say when it ends is asked for a new one only after it refused the old one
      def tokens_expiring?
        return false unless provider.refreshable?

        config["access_token"].blank? || (ends = token_expires_at and ends < EARLY.from_now)
      end

      # Fetches new tokens. Only who holds the lease may: two refreshes at once disconnect Zendesk.
      #
      # @return [void]
      # @raise [Error] {AuthenticationError} when people have to connect again
      def refresh_tokens! = store_tokens(provider.refresh)

      private

      # Who comes second keeps what the first one stored.
      def store_tokens(fresh)
        discard_unreadable
        kept = tokens.merge(dated(fresh.to_h.stringify_keys))
        values = { tokens: kept, token_version: token_version + 1, updated_at: Time.current }
        self.class.where(id:, token_version:).note(values)
        reload
      end

      def dated(fresh)
        seconds = fresh["expires_in"].to_i
        ends = seconds.seconds.from_now.utc.iso8601 if seconds.positive?
        fresh.slice("access_token", "refresh_token").compact_blank.merge("token_expires_at" => ends)
      end

      def token_expires_at
        Time.zone.parse(config["token_expires_at"].to_s)
      rescue ArgumentError
        nil
      end
    end
  end
end
