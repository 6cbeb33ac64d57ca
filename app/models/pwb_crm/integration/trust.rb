# frozen_string_literal: true

module PwbCrm
  class Integration
    # Whether the remote takes the access tokens that it grants; see {Renewal::Rejection}.
    #
    # @api private
    module Trust
      # @return [Boolean] whether this very object had its access token fetched, so lately that it cannot have ended
      def tokens_fresh?
        !@fetched.nil? && @fetched[:version] == token_version && Lease.clock - @fetched[:asked] < Vault::EARLY
      end

      # Forgets refusals of earlier tokens once the remote has taken some.
      #
      # @param outcomes [Array<Outcome>] of one slice
      # @return [Hash{Symbol => Object}] columns that whoever settles the slice has to write along
      def trust_from(outcomes)
        tokens_refused.positive? && taken?(outcomes) ? assume(tokens_refused: 0) : {}
      end

      private

      # Where one record alone is refused, again and again, that has to end, too.
      def taken?(outcomes)
        outcomes.any? { |one| one.success? && !one.skipped? } && outcomes.none? { |one| refused_by?(one.error) }
      end

      def refused_by?(error) = !error.nil? && (error.reconnect? || error.code == Error::NO_TOKENS)

      def note_fetched(asked) = @fetched = { version: token_version + 1, asked: }
    end
  end
end
