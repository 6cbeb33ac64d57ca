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
        @lent = []
      end

      # Nobody knows yet who else uses the account. What is taken there is given back to the integration once it is
      # sent, so that it counts once when it turns out to be its account.
      #
      # @param grant [Budget::Grant] what was taken of the integration's own limits
      # @param asks [Array<Budget::Ask>] of each one
      # @param own [String] the account of these
      # @return [Budget::Grant] what may go
      def let_in(grant, asks, own)
        entered = take(asks) if asks.any? && grant.count.positive? && stranger?
        return grant unless entered

        lent = asks.map { |ask| ask.with(weight: -ask.weight * grant.count) }
        entered.count.zero? ? Budget.correct(own, lent) : @lent.concat(lent)
        entered
      end

      # One has gone first, the others need not ask.
      #
      # @return [Array<Budget::Ask>] what is to be given back to the integration
      def pass
        @passed = true
        @lent.dup.tap { stay }
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
        @lent.clear
      end

      private

      def log = Budget.log(@account, [LIMIT.bucket]) { |logs, now| yield logs[LIMIT.bucket], now }

      def stranger? = !@passed && @integration.account_digest.nil?

      # What goes first takes one place, however often it asks for more. Nil where there is no such account.
      def take(asks)
        @account ||= @integration.claimed_account(@terms.account_key) or return
        log do |times, now|
          wait = @entered ? 0.0 : LIMIT.free_at(times) - now
          next Budget::Grant.new(count: 0, wait:) if wait.positive?

          Budget.take(@account, asks).tap { |grant| enter(asks, times, now) if grant.count.positive? }
        end
      end

      def enter(asks, times, now)
        @taken << asks.map { |ask| ask.with(weight: -ask.weight) }
        return if @entered

        times.push(@entered = now).shift([times.size - LIMIT.count, 0].max)
      end
    end
  end
end
