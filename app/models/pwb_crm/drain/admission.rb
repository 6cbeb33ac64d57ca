# frozen_string_literal: true

module PwbCrm
  class Drain
    # Which of the claimed works may go now: what they cost beside what was taken for them is asked for, and what
    # cannot be had goes back in line untried.
    #
    # @api private
    class Admission
      # @param provider [Providers::Base]
      # @param ledger [Ledger]
      # @param patience [Patience]
      def initialize(provider, ledger, patience)
        @provider = provider
        @ledger = ledger
        @patience = patience
      end

      # @param works [Hash{Delivery => Hash}]
      # @param links [Links] of their batch
      # @param paid [Hash{String => Integer}] what was taken for each of them
      # @return [Hash{Delivery => Hash}] those that may go
      def call(works, links, paid)
        waits = works.to_h { |delivery, work| [delivery, gap(delivery, links) || shortage(work, paid)] }.compact
        put_off(waits) if waits.any?
        works.except(*waits.keys)
      end

      private

      # In their order.
      def put_off(waits)
        after = 0
        Delivery.finish(waits.map do |delivery, seconds|
          after = [after + Patience::HAIR, seconds].max
          Delivery::Ending.untried(delivery).with(after:)
        end)
      end

      # Of one and the same person a remote may allow but a few writes a minute.
      def gap(delivery, links)
        seconds = @provider.gap(delivery.kind) or return
        written = links[delivery.record_key]&.updated_at or return
        left = seconds - (Time.now.to_f + Sql.offset - written.to_f)
        left if left.positive? && left <= seconds
      end

      def shortage(work, paid)
        extra = @provider.cost(work).to_h { |bucket, count| [bucket, count - paid.fetch(bucket, 0)] }
                         .select { |_, count| count.positive? }
        grant = @ledger.take(extra)
        grant = @ledger.take(extra) if grant.count.zero? && @patience.wait(grant.wait)
        grant.wait if grant.count.zero?
      end
    end
  end
end
