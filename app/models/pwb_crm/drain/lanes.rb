# frozen_string_literal: true

module PwbCrm
  class Drain
    # The lines in which deliveries wait, see {Providers::Base::Pacing#lanes}. They take turns, any of them
    # first: so people, who are few a second, keep nobody waiting, and none does where there is room for one. What is
    # fresh in any goes before bulk.
    #
    # @api private
    class Lanes
      # So many at a time are worth a statement, if they are had within a second.
      WORTH = 10
      # So many of a kind are looked at. The first may all wait for others that are on their way, thousands of enquiries
      # for their contacts; so all are gone through before a turn ends, and after so many looks that found none. These
      # are counted on from turn to turn, by the number of the lease: a prime is not missed, whatever steps that takes.
      FRONT = 1000
      WHOLE = 19
      private_constant :WORTH, :FRONT, :WHOLE

      # @return [Hash{String => Integer}] what was taken for each of those that were claimed last
      attr_reader :paid

      # @param lease [Lease]
      # @param ledger [Ledger]
      # @param lanes [Array<Array(Array<String>, Hash{String => Integer})>] kinds and what they take
      def initialize(lease, ledger, lanes)
        @lease = lease
        @ledger = ledger
        @lanes = lanes.shuffle
        @closed = {}
        @paid = {}
        @empty = lease.token
        @whole = false
      end

      # @param room [Integer] so many at most
      # @param bulk [Boolean] whether those noted in bulk, too
      # @return [Array<Delivery>, Float, nil] deliveries, or in how many seconds there may be some; nil if none is due
      def claim(room, bulk)
        fresh = look(room, false) if bulk && @lanes.many?
        return fresh if fresh.is_a?(Array)

        found = look(room, bulk) || (look(room, bulk) if behind?(bulk))
        found.is_a?(Array) ? found : [fresh, found].compact.min
      end

      # Those that were claimed last need more than their lane takes, and it cannot be had.
      #
      # @param seconds [Float] for so long
      # @return [void]
      def close(seconds) = @closed[@kinds] = Budget::Grant.new(count: 0, wait: seconds)

      # Some time has passed.
      #
      # @return [void]
      def reopen = @closed.clear

      private

      def look(room, bulk)
        waits = @lanes.rotate!.filter_map do |kinds, cost|
          grant = granted(kinds, cost, room, bulk) or next
          return take(kinds, cost, grant.count, bulk) if grant.count.positive?

          grant.wait
        end
        waits.min&.to_f
      end

      # Whether some are due behind those that were looked at. The rest of the turn goes through all then.
      def behind?(bulk)
        return false if @whole

        kinds = @lanes.flat_map(&:first)
        @whole = Delivery.count_due(@lease.integration_id, limit: 1, kinds:, bulk:).positive?
      end

      def granted(kinds, cost, room, bulk)
        return @closed[kinds] if @closed.key?(kinds)

        asks = @ledger.asks(cost)
        most = [room, *asks.map(&:together)].min
        due = Delivery.count_due(@lease.integration_id, limit: most, kinds:, bulk:, front:)
        return @ledger.take(cost, least: [WORTH, due, pace(asks)].min, most: due) if due.positive?

        @empty += 1
        nil
      end

      def front = (FRONT unless @whole || (@empty % WHOLE).zero?)

      # How many a second.
      def pace(asks) = asks.map { |ask| (1 / (ask.step * ask.weight)).floor.clamp(1, nil) }.min || WORTH

      def take(kinds, cost, count, bulk)
        @kinds = kinds
        @paid = cost
        Delivery.claim(@lease, limit: count, kinds:, bulk:)
      end
    end
  end
end
