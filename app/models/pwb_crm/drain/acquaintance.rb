# frozen_string_literal: true

module PwbCrm
  class Drain
    # Finds out whose account an integration speaks to, once the remote has taken a call of it. Where that cannot be had
    # now, another turn asks. Until then nobody knows who else uses the account's limits, so one goes first.
    #
    # @api private
    class Acquaintance
      # @param integration [Integration]
      # @param push [Push]
      def initialize(integration, push)
        @integration = integration
        @push = push
      end

      # @return [Boolean] whether it is yet to be found out in this turn whose limits are used
      def due?
        return false if @integration.account_digest || @asked

        @shared = push_shares? if @shared.nil?
        @shared
      end

      # @param outcomes [Array<Outcome>] of what was pushed, and written down already
      # @return [void]
      # @raise [Lease::Lost]
      def call(outcomes)
        return if @integration.account_digest || @asked || outcomes.none? { |outcome| taken?(outcome) }

        @asked = true
        key = @push.identify
        @integration.note_account(key) if key
      end

      private

      # Of what has an account of its own there is nothing to find out.
      def push_shares? = PwbCrm.config.keep_to_limits && @push.shares_account?

      # Of what is skipped the remote knows nothing.
      def taken?(outcome)
        return !outcome.skipped? if outcome.success?

        outcome.calls.any? { |call| call.status.to_i.between?(200, 299) }
      end
    end
  end
end
