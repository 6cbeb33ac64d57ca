# frozen_string_literal: true

module Chaos
  module Judge
    # No harm to the host: no exception out of a save, no wait for the engine, no deadlock with it.
    class Host < Promise
      # Seconds that a save may be seen to wait for a statement of a worker.
      LONGEST_WAIT = 1.0

      # @return [Array<Finding>]
      def findings = exceptions + gone + waits + deadlocks

      private

      def exceptions
        evidence.exceptions.map do |line|
          breach("a save raised #{line["breach"]} in #{line["flow"]}: #{line["at"].to_a.first(3)}")
        end
      end

      # The host was told of a commit that never was.
      def gone
        committed = evidence.saves.to_set { |row| "#{row["record"]}v#{row["version"]}" }
        evidence.told.uniq.reject { |mark| committed.include?(mark) }
                .map { |mark| breach("#{mark} was saved without an exception and is not there") }
      end

      def waits
        evidence.waits.select { |wait| wait["seconds"].to_f > LONGEST_WAIT }.map do |wait|
          wait["stopped"] ? doubt("#{told(wait)}, which stood still in its transaction") : breach(told(wait))
        end
      end

      def told(wait)
        ours, theirs = wait.values_at("query", "their_query").map { |statement| statement.to_s.squish.first(80) }
        "a save waited #{wait["seconds"].to_f.round(1)} s for #{wait["by"]}: #{ours} behind #{theirs}"
      end

      # The host's own savers deadlock with each other; none may with a statement of the engine.
      def deadlocks
        return [doubt("the server's log cannot be read, so nobody knows who deadlocked")] unless evidence.deadlocks

        foreign = evidence.deadlocks.select { |pair| pair.any? { |statement| engine?(statement) } }
        foreign.map do |pair|
          breach("PostgreSQL found a deadlock: #{pair.map do |one|
                                                   one.squish.first(100)
                                                 end.join(" | ")}")
        end
      end

      # Savers write the outbox, too: that statement waits only for another save of the same record.
      def engine?(statement)
        statement.include?("pwb_integration") && !statement.match?(/\A\s*INSERT INTO "pwb_integration_deliveries"/)
      end
    end
  end
end
