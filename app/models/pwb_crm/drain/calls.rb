# frozen_string_literal: true

module PwbCrm
  class Drain
    # The calls at once that a turn holds while it sends, where the remote counts them for all integrations on the
    # account. One that is alone there need not ask.
    #
    # @api private
    class Calls
      # Seconds until who found none free asks again, if nobody who gave some back wakes it before.
      WAIT = 0.5
      # Of a kind that are looked at, see {Lanes}.
      FRONT = 1000
      private_constant :WAIT, :FRONT

      # @return [Integer, nil] how many may be made at once; nil for as many as the account takes
      attr_reader :held

      # @param integration [Integration]
      # @param lease [Lease]
      # @param slice [Integer] deliveries of one push that uses them all
      # @param patience [Patience]
      def initialize(integration, lease, slice, patience)
        @integration = integration
        @lease = lease
        @slice = slice
        @patience = patience
        @most = 1
        @shared = { integration.account_digest => lease.shared? }
      end

      # Takes some for what is due.
      #
      # @param limit [Integer] deliveries to be claimed at most
      # @param bulk [Boolean] whether those noted in bulk, too
      # @param all [Integer, nil] that the account takes together
      # @return [Integer, Float] how many to claim, or seconds until it may ask again
      # @raise [Lease::Lost]
      def room(limit, bulk, all)
        @all = all
        return limit unless shared?

        @most = [all, limit.ceildiv(each)].min
        due = Delivery.count_due(@integration.id, limit: @most, kinds: Kinds.all, bulk:, front: FRONT)
        return WAIT if due.positive? && !take([@most, due].min)

        [limit, each * (@held || 1)].min
      end

      # Where those that were taken are given back already, or none were, what is claimed needs others.
      #
      # @param all [Integer, nil] as in {#room}
      # @return [Boolean] whether it may be sent
      # @raise [Lease::Lost]
      def ready?(all)
        @all = all
        !shared? || !@held.nil? || take(@most) || (@patience.wait(WAIT) && take(@most))
      end

      # Wakes who has waited for them. What was sent is yet to be written down, so no fault here keeps it from that:
      # they are free once the lease ends.
      #
      # @return [void]
      def give_back
        return unless @held

        @held = nil
        waiting = @pool.give_back
        waiting.each { |id| Wake.call(id, wait: 0) } unless Wake.inline?
      rescue StandardError => e
        Report.call(e, doing: "giving back calls at once of #{@integration.label}", about: Events.of(@integration))
      end

      private

      def each = @slice.ceildiv(@all)

      # Its account may become known within the turn.
      def shared?
        account = @integration.account_digest
        return false unless @all && account

        @shared.fetch(account) { @shared[account] = @integration.siblings.exists? }
      end

      def take(most)
        give_back
        @pool = Lease::Calls.new(@lease, @integration.account_digest, @all)
        @held = @pool.take(most).nonzero?
        !@held.nil?
      end
    end
  end
end
