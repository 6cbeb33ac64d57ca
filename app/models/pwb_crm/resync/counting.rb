# frozen_string_literal: true

module PwbCrm
  class Resync
    # Counts what would be sent.
    #
    # @api private
    class Counting
      include Step

      # The run's, meanwhile.
      STATE = "counting"
      # Different reasons told for each kind; what is beyond counts as one.
      REASONS = 20
      # What is said of those.
      FURTHER = "for other reasons"

      private

      def take(entries)
        along = {}
        verdicts = @forecast.of(kind, entries.map(&:id)) { |batch, created| along = people(batch, created) }
        move(after(entries.last), counts: run.counts.merge(kind => add(known, verdicts.values.tally).merge(along)))
      end

      # Told where there are any.
      def people(batch, created)
        sum = known.fetch("people", 0) + People.new(run, integration).count(kind, batch, created)
        sum.positive? ? { "people" => sum } : {}
      end

      def known = run.counts.fetch(kind, Progress::COUNTED)

      def finish
        start = @cursor["start"]
        moved = move({ "start" => start }, counted_at: Arel.sql(Sql.now), **follows(start))
        moved if start
      end

      def follows(start) = start ? { state: "running", rated_at: Arel.sql(Sql.now) } : { state: "counted" }

      def add(known, tally)
        reasons = tally.select { |verdict, _| verdict.is_a?(String) }
        sums = %w[create update unchanged].to_h { |name| [name, known[name] + tally.fetch(name.to_sym, 0)] }
        { **sums, "cannot" => reasons.reduce(known["cannot"]) { |all, (reason, count)| told(all, reason, count) } }
      end

      def told(all, reason, count)
        reason = FURTHER unless all.key?(reason) || all.size < REASONS
        all.merge(reason => all.fetch(reason, 0) + count)
      end
    end
  end
end
