# frozen_string_literal: true

module PwbCrm
  class Drain
    # How much may be sent, by the limits of the remote account.
    #
    # @api private
    class Allowance
      # So many at a time are worth a statement, if they are had within a second.
      WORTH = 10
      # What was taken for what nothing was asked for.
      NOTHING = {}.freeze
      private_constant :WORTH, :NOTHING

      class << self
        # @param integration [Integration]
        # @param lease [Lease]
        # @return [Allowance, Boundless]
        def of(integration, lease)
          provider = integration.provider if PwbCrm.config.keep_to_limits
          provider.nil? || provider.limits.none? ? Boundless.new(lease) : new(integration, lease, provider)
        end

        # @param integration [Integration]
        # @return [Boolean] whether what is noted in bulk waits for more credits
        def bulk_spent?(integration)
          return false unless PwbCrm.config.keep_to_limits && Providers.known?(integration.platform)

          limits = integration.provider.limits
          limits.metered? && Budget::Credits.new(integration.budget_account, limits.credits).room(bulk: true) <= 0
        end
      end

      # @param integration [Integration]
      # @param lease [Lease]
      # @param provider [Providers::Base]
      def initialize(integration, lease, provider)
        @integration = integration
        @lease = lease
        @ledger = Ledger.new(integration, provider)
        @patience = Patience.new(integration)
        @admission = Admission.new(provider, @ledger, @patience)
        @lanes = provider.lanes.dup
        @paid = NOTHING
      end

      # @return [Boolean] whether its patience came to an end
      def spent? = @patience.spent?

      # Takes what is due, as much as the limits allow, one lane after the other: so people, who are few a second, keep
      # nobody waiting.
      #
      # @param limit [Integer]
      # @return [Array<Delivery>] none if nothing is due, or may be sent for now
      def claim(limit)
        settle
        until @patience.over?
          due, wait = due_now(limit)
          return due if due
          break unless wait

          @patience.pause(wait)
        end
        []
      end

      # @param works [Hash{Delivery => Hash}]
      # @param batch [Batch]
      # @return [Hash{Delivery => Hash}] those that may go; the others are back in line
      def admit(works, batch) = @admission.call(works, batch.links, @paid)

      # @param outcomes [Array<Outcome>]
      # @return [void]
      def note(outcomes) = @ledger.note(outcomes)

      # @return [void]
      def settle = @ledger.settle

      private

      # The deliveries, or how long until there may be some; nothing where there is no end of it to wait for.
      def due_now(limit)
        room, bulk = open_lanes(limit)
        return unless room

        due, wait = first_lane(room, bulk)
        [due, wait || next_one(bulk)]
      end

      # How many at most, and whether those noted in bulk, too; nothing while all is blocked or used up.
      def open_lanes(limit)
        blocked = Budget.blocked(@ledger.account)
        return @patience.hold_off(blocked, :asked) if blocked > Patience::LONGEST
        return [limit, true] unless (credits = @ledger.credits)

        room = credits.room
        return @patience.hold_off(credits.wait, :credits) if room <= 0

        bulk = credits.room(bulk: true)
        bulk.positive? ? [[limit, bulk].min, true] : [[limit, room].min, false]
      end

      # The deliveries, or how long until a lane has room for some.
      def first_lane(room, bulk)
        waits = @lanes.rotate!.filter_map do |kinds, cost|
          grant = granted(kinds, cost, room, bulk) or next
          return take(kinds, cost, grant.count, bulk) if grant.count.positive?

          grant.wait
        end
        [nil, waits.min]
      end

      def granted(kinds, cost, room, bulk)
        asks = @ledger.asks(cost)
        most = [room, *asks.map(&:together)].min
        due = Delivery.count_due(@integration.id, limit: most, kinds:, bulk:)
        @ledger.take(cost, least: [WORTH, due, pace(asks)].min, most: due) if due.positive?
      end

      # How many a second.
      def pace(asks) = asks.map { |ask| (1 / (ask.step * ask.weight)).floor.clamp(1, nil) }.min || WORTH

      def take(kinds, cost, count, bulk)
        @paid = cost
        [Delivery.claim(@lease, limit: count, kinds:, bulk:), nil]
      end

      # What was put off a moment ago.
      def next_one(bulk)
        seconds = Delivery.seconds_to_next(@integration.id, bulk:)
        [seconds, Patience::HAIR].max if seconds && seconds <= Patience::LONGEST
      end
    end
  end
end
