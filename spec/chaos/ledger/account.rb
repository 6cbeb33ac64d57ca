# frozen_string_literal: true

module Chaos
  class Ledger
    # The figures of a run that is over.
    class Account
      def initialize(folder, evidence, calls:, torment:, ends:)
        @evidence = evidence
        @calls = calls
        @torment = torment
        @ends = ends.to_h { |(role, how), number| ["#{role} #{how}", number] }
        @flows, @steps = %w[saves steps].map { |name| Journal.read("#{folder}/#{name}.jsonl") }
      end

      # @return [Hash{String => Object}]
      def lines = { **host, **times, **violence, **engine, **doubts }

      private

      attr_reader :evidence

      def host
        { "Saves" => "#{@flows.sum { |line| line["saves"].to_i }}, of which #{evidence.saves.size} committed",
          "Flows" => tally(@flows.select { |line| line["ms"] }.map { |line| line["flow"] }.tally),
          "Deadlocks of the host" => counted("deadlocks"), "Saves cut off" => counted("cuts") }
      end

      def counted(what) = @flows.count { |line| line["count"] == what }

      def times = { "Time of a flow" => spread("ms"), "of it, its wake-ups" => spread("queue_ms") }

      def spread(column)
        sorted = @flows.filter_map { |line| line[column] }.sort
        at = ->(share) { sorted[((sorted.size - 1) * share).round].to_f.round(1) }
        "median #{at[0.5]} ms, 95 % #{at[0.95]}, 99 % #{at[0.99]}, longest #{at[1]}"
      end

      def violence
        { "Processes" => tally(@ends), "Kills at steps" => tally(at("KILL")), "Stops at steps" => tally(at("STOP")),
          "From outside" => tally(@torment), "Calls" => @calls.values.sum, "Weather" => tally(@calls) }
      end

      def at(signal) = @steps.select { |line| line["signal"] == signal }.map { |line| line["step"] }.tally

      def engine
        { "Deliveries" => tally(PwbCrm::Delivery.group(:state).count), "Attempts" => PwbCrm::SyncLog.count,
          "Accepted by remotes" => evidence.writes.size, "Takeovers" => @steps.count { |line| line["took_over"] },
          "Connected again" => evidence.disconnected.size }
      end

      def doubts
        { "Answers lost" => evidence.maybes.values.sum, "Perhaps sent late" => evidence.late.size,
          "Saves seen waiting" => evidence.waits.size,
          "Deadlocks in the log" => evidence.deadlocks ? evidence.deadlocks.size : "not readable" }
      end

      def tally(counts)
        counts.sort_by { |name, number| [-number, name.to_s] }.map { |pair| pair.join(" ") }.join(", ")
      end
    end
  end
end
