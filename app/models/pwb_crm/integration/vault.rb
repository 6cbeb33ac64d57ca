# frozen_string_literal: true

module PwbCrm
  class Integration
    # Keeps the rotating tokens. Zendesk deletes the old pair when it issues a new one, so writing an
    # old one back would disconnect for good: every write compares the version it read.
    module Vault
      extend ActiveSupport::Concern

      # An access token is renewed this long before it ends.
      EARLY = 5.minutes

      included { before_save :plan_renewal, if: :tokens_changed? }

      # Takes a new pair of tokens, after people have connected (again). It replaces whatever a renewal of
      # the old grant stores meanwhile.
      #
      # @param fresh [Hash] access_token, refresh_token, expires_in (seconds), as the remote answers
      # @return [self]
      # @raise [ConfigurationError] when it was disconnected for good
      def connect!(fresh)
        loop do
          raise ConfigurationError, status_message if reload.disconnected_at
          break if SafeKeeping.call(self) { write_tokens(fresh, **Account::ANEW) }
        end
        reload.update!(Haltable::FREE)
        self
      end

      # @return [Boolean] whether the access token is missing or ends soon, and can be renewed. A remote
      #   that does not say when it ends is asked for a new one only after it refused the old one
      def tokens_expiring?
        return false unless renewable?

        config["access_token"].blank? || (ends = token_expires_at and ends < EARLY.from_now)
      end

      # @return [Boolean] whether its tokens can be renewed
      def renewable? = Asking.call(provider, :refreshable?, otherwise: false)

      # @return [Boolean] whether the refresh token has not been used for so long that it might end
      def tokens_idle? = renew_tokens_at.present? && renew_tokens_at.past?

      # Looks at idle tokens that cannot be renewed another time.
      #
      # @api private
      # @return [void]
      def postpone_renewal = self.class.where(id:).note(renew_tokens_at: Arel.sql(Sql.now(Grant::IDLE)))

      # Fetches new tokens, unless somebody else has done so since this object was read: then it has those. At
      # most one process at a time does; the others wait for it.
      #
      # @param lease [Lease, nil] the caller's, if it has the integration's; else it is taken meanwhile
      # @param refused [String, nil] the access token that the remote has refused, if it has
      # @return [void]
      # @raise [AuthenticationError] when people have to connect again
      # @raise [ConfigurationError] when nothing may be sent, or the OAuth client is wrong
      # @raise [Error] what else went wrong; deliveries wait meanwhile, and {Status#status_message} says why
      # @raise [Lease::Lost] when another worker took over the lease
      def refresh_tokens!(lease: nil, refused: nil)
        renewal = Renewal.new(self, refused:)
        lease ? renewal.under(lease) : renewal.call
      end

      # Stores what a renewal brought, unless somebody else has stored something newer, and lets go on what waited
      # for it.
      #
      # @api private
      # @param fresh [Hash] as in {#connect!}
      # @param asked [Float] when it was asked for, by {Lease.clock}: the process may have stood still since
      # @return [void]
      # @raise [ConnectionError] when the database did not take it
      def store_renewal(fresh, asked: Lease.clock)
        cured = SafeKeeping.call(self) do
          self.class.transaction { write_renewal(fresh, asked) && unblock }
        end
        reload
        Wake.call(id, wait: 0) if cured && deliveries.waiting.exists?
      end

      private

      def write_renewal(fresh, asked)
        stored = write_tokens(fresh, asked, tokens_renewed_at: Arel.sql(Sql.now), renewals_refused: 0)
        note_fetched(asked) if stored
        stored
      end

      # Who comes second keeps what the first one stored.
      def write_tokens(fresh, asked = Lease.clock, **values)
        discard_unreadable
        granted = Grant.new(fresh, Lease.clock - asked).columns(tokens)
        values = granted.merge(values, token_version: token_version + 1)
        self.class.where(id:, token_version:).note(values) == 1
      end

      # Another worker, which did not know of these tokens, may have found the old ones dead meanwhile.
      def unblock
        row = self.class.where(id:)
        waiting = row.where(state: "ready", state_code: [nil, "tokens"]).where.not(paused_until: nil)
        blocked = row.where(state: "reconnect").or(waiting)
        blocked.note(Haltable::FREE) == 1
      end

      def token_expires_at
        Time.zone.parse(config["token_expires_at"].to_s)
      rescue ArgumentError
        nil
      end

      def plan_renewal
        self.renew_tokens_at = (Grant::IDLE.from_now if tokens["refresh_token"].present?)
      end
    end
  end
end
