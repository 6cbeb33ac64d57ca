# frozen_string_literal: true

module PwbCrm
  class Drain
    # The limits of the account that an integration says it has, until that is proven. Others may use them already, so
    # what goes first is taken there. What tenants type proves nothing: all who only say so have a few a minute together
    # and can keep nobody waiting for long.
    #
    # @api private
    class Door
      # So many may come in, all together: of one written user a second a tenth.
      LIMIT = Providers::Limits::Limit.new(bucket: "newcomers", count: 6, period: 60)
      private_constant :LIMIT

      # @param integration [Integration]
      # @param terms [Terms]
      def initialize(integration, terms)
        @integration = integration
        @terms = terms
      end

      # @param asks [Array<Budget::Ask>] of one that goes first
      # @return [Budget::Grant, nil] nil where there is no such account
      def take(asks)
        account = @integration.claimed_account(@terms.account_key) or return
        Budget.log(account, [LIMIT.bucket]) do |logs, now|
          wait = wait(logs[LIMIT.bucket], now)
          next Budget::Grant.new(count: 0, wait:) if wait.positive?

          Budget.take(account, asks).tap { |grant| enter(logs, now) if grant.count.positive? }
        end
      end

      private

      def wait(log, now) = log.size < LIMIT.count ? 0.0 : log[-LIMIT.count] + LIMIT.period - now

      def enter(logs, now) = logs[LIMIT.bucket] = [*logs[LIMIT.bucket], now].last(LIMIT.count)
    end
  end
end
