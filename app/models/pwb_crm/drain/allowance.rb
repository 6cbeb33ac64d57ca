# frozen_string_literal: true

module PwbCrm
  class Drain
    # How much may be sent, by the limits of the remote account.
    #
    # @api private
    class Allowance
      # @param integration [Integration]
      # @param lease [Lease]
      # @param patience [Numeric] seconds that may be waited for the limits, all together
      # @return [Allowance, Boundless]
      def self.of(integration, lease, patience:)
        terms = Terms.new(integration, integration.provider) if PwbCrm.config.keep_to_limits
        return Boundless.new(lease) if terms.nil? || terms.limits.none?

        new(integration, lease, terms, Patience.new(integration, patience))
      end

      # @return [Float, nil] seconds until the limits allow what they did not allow now
      attr_reader :wait

      # @param integration [Integration]
      # @param lease [Lease]
      # @param terms [Terms]
      # @param patience [Patience]
      def initialize(integration, lease, terms, patience)
        @ledger = Ledger.new(integration, terms)
        @patience = patience
        @lanes = Lanes.new(lease, @ledger, terms.lanes)
        @admission = Admission.new(terms, @ledger, patience)
        @calls = Calls.new(integration, lease, terms.slices.max, patience)
      end

      # Takes what is due, as much as the limits allow.
      #
      # @param limit [Integer]
      # @return [Array<Delivery>] none if nothing is due, or may be sent for now
      def claim(limit)
        settle
        loop do
          found = due_now(limit)
          @wait = found.is_a?(Float) ? found : nil
          return found || [] unless @wait
          return [] unless @patience.wait(@wait)

          @lanes.reopen
        end
      end

      # @param works [Hash{Delivery => Hash}]
      # @param batch [Batch]
      # @return [Hash{Delivery => Hash}] those that may go; the others are back in line
      def admit(works, batch)
        return put_back(works) unless @calls.ready?(@ledger.together)

        admitted, shortage = @admission.call(works, batch.links, @lanes.paid)
        @lanes.close(shortage) if shortage
        admitted
      end

      # @yieldparam calls [Integer, nil] requests at once, see {Calls#held}
      # @yieldreturn [Object]
      # @return [Object] the block's
      def sending
        yield @calls.held
      ensure
        @calls.give_back
      end

      # What became of those that were sent is yet to be written down, so no fault here keeps it from that; what stays
      # noted of single things is more than was used.
      #
      # @param outcomes [Hash{Delivery => Outcome}]
      # @return [void]
      def note(outcomes)
        @ledger.note(outcomes.values)
        @admission.note(outcomes)
      rescue StandardError => e
        Report.call(e, doing: "noting what was sent within the limits of #{@ledger.account}")
      end

      # @return [void]
      def settle
        @calls.give_back
        @ledger.settle
      end

      # Settles what it can. What is on its way may have been used; and no fault here hides why it was broken off.
      #
      # @return [void]
      def break_off
        @ledger.keep
        settle
      rescue StandardError => e
        Report.call(e, doing: "counting what was used of the limits of #{@ledger.account}")
      end

      private

      # The deliveries; or how long until there may be some, nothing where there is no end of it to wait for.
      def due_now(limit)
        blocked = Budget.blocked(@ledger.account)
        return @patience.rest(blocked, :asked) if blocked.positive?
        return first_lane(limit, true) unless (credits = @ledger.credits&.look)

        room = credits.room
        return @patience.rest(credits.wait, :credits) if room <= 0

        bulk = credits.room(bulk: true)
        first_lane([limit, bulk.positive? ? bulk : room].min, bulk.positive?)
      end

      def first_lane(room, bulk)
        room = @calls.room(room, bulk, @ledger.together)
        found = room.is_a?(Float) ? room : @lanes.claim(room, bulk)
        found.is_a?(Float) ? @patience.rest(found, :budget) : found
      end

      # As if they had not been claimed.
      def put_back(works)
        Delivery.finish(works.keys.map { |one| Delivery::Ending.untried(one) })
        {}
      end
    end
  end
end
