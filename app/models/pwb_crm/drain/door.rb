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
        @taken = []
      end

      # What goes first takes one place, however often it asks for more.
      #
      # @param asks [Array<Budget::Ask>] of one that goes first
      # @return [Budget::Grant, nil] nil where there is no such account
      def take(asks)
        @account ||= @integration.claimed_account(@terms.account_key) or return
        log do |times, now|
          wait = @entered ? 0.0 : wait(times, now)
          next Budget::Grant.new(count: 0, wait:) if wait.positive?

          Budget.take(@account, asks).tap { |grant| let_in(asks, times, now) if grant.count.positive? }
        end
      end

      # Nothing was sent: what was taken is given back, and the place is another's.
      #
      # @return [void]
      def leave
        if @entered
          log do |times, _|
            times.index(@entered)&.then { |place| times.delete_at(place) }
            @taken.each { |asks| Budget.correct(@account, asks) }
          end
        end
        stay
      end

      # It is on its way: what was taken was used.
      #
      # @return [void]
      def stay
        @account = @entered = nil
        @taken.clear
      end

      private

      def log = Budget.log(@account, [LIMIT.bucket]) { |logs, now| yield logs[LIMIT.bucket], now }

      def wait(times, now) = times.size < LIMIT.count ? 0.0 : times[-LIMIT.count] + LIMIT.period - now

      def let_in(asks, times, now)
        @taken << asks.map { |ask| ask.with(weight: -ask.weight) }
        return if @entered

        times.push(@entered = now).shift([times.size - LIMIT.count, 0].max)
      end
    end
  end
end
