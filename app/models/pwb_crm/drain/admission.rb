# frozen_string_literal: true

module PwbCrm
  class Drain
    # Which of the claimed works may go now: what they cost beside what was taken for them is asked for, and what
    # cannot be had goes back in line untried.
    #
    # @api private
    class Admission
      # @param terms [Terms]
      # @param ledger [Ledger]
      # @param patience [Patience]
      def initialize(terms, ledger, patience)
        @terms = terms
        @ledger = ledger
        @patience = patience
        @targets = Targets.new(terms, ledger)
      end

      # @param works [Hash{Delivery => Hash}]
      # @param links [Links] of their batch
      # @param paid [Hash{String => Integer}] what was taken for each of them
      # @return [Array(Hash{Delivery => Hash}, Float)] those that may go; and for how many seconds there is nothing for
      #   others, nil if there was enough
      def call(works, links, paid)
        @now = @shortage = nil
        @purse = paid.transform_values { |count| count * works.size }
        own = own_waits(works, links)
        common = shortages(works.except(*own.keys))
        put_off(own, in_line(common))
        [works.except(*own.keys, *common.keys), @shortage]
      end

      # @param outcomes [Hash{Delivery => Outcome}] of what was sent
      # @return [void]
      def note(outcomes) = @targets.note(outcomes)

      private

      # Of those that nobody else has to wait for.
      def own_waits(works, links)
        @gaps = Hash.new { |gaps, kind| gaps[kind] = @terms.gap(kind) }
        gaps = works.to_h { |delivery, _| [delivery, gap(delivery, links)] }.compact
        gaps.merge(@targets.take(works.except(*gaps.keys)))
      end

      # Of those for which there is not enough for all.
      def shortages(works)
        waits = works.transform_values { |work| shortage(work) }.compact
        @targets.release(waits.keys)
        waits
      end

      # None before those in front of it.
      def in_line(waits)
        after = 0
        waits.transform_values { |seconds| after = [after + Patience::MARGIN, seconds].max }
      end

      # Those of one and the same thing are due together, so each a little later.
      def put_off(own, common)
        own = own.each_with_index.map { |(delivery, seconds), place| [delivery, seconds + (place * Patience::MARGIN)] }
        waits = [*own, *common].map { |delivery, after| Delivery::Ending.untried(delivery).with(after:) }
        Delivery.finish(waits) if waits.any?
      end

      # Of one and the same person a remote may allow but a few writes a minute.
      def gap(delivery, links)
        seconds = @gaps[delivery.kind] or return
        written = links[delivery.record_key]&.updated_at or return
        left = seconds - (now - written.to_f)
        left if left.positive? && left <= seconds
      end

      # By the database's clock, as what was written.
      def now = @now ||= Sql.present

      # What was taken for the later ones pays for the first: else all that is there might go to a slice of which none
      # has enough. Whoever comes after one for whom there was not enough waits for that one, too.
      def shortage(work)
        cost = @terms.cost(work)
        left = cost.to_h { |bucket, count| [bucket, @purse.fetch(bucket, 0) - count] }
        missing = left.select { |_, count| count.negative? }.transform_values(&:-@)
        wait = wait_for(missing) if missing.any?
        @purse.update(left.transform_values { |count| [count, 0].max }) unless wait
        wait
      end

      def wait_for(missing)
        return @line += @ledger.seconds(missing) if @shortage

        grant = patiently { @ledger.take(missing) }
        @line = @shortage = grant.wait if grant.count.zero?
      end

      def patiently
        grant = yield
        grant.count.zero? && @patience.wait(grant.wait) ? yield : grant
      end
    end
  end
end
