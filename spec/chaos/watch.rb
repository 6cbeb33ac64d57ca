# frozen_string_literal: true

module Chaos
  # Looks into PostgreSQL while the load runs: does a save of the host ever wait for a worker of the engine? Samples
  # who is blocked by whom, several times a second.
  class Watch
    SQL = <<~SQL
      SELECT waiting.pid AS saver, holder.pid AS worker, waiting.application_name AS name, holder.application_name AS by,
             waiting.query AS query, holder.query AS their_query, holder.state AS their_state,
             EXTRACT(EPOCH FROM clock_timestamp() - waiting.query_start) AS seconds
      FROM pg_stat_activity AS waiting
      CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocker
      JOIN pg_stat_activity AS holder ON holder.pid = blocker
      WHERE waiting.wait_event_type = 'Lock' AND waiting.application_name LIKE 'chaos-saver%'
        AND holder.application_name NOT LIKE 'chaos-saver%'
    SQL

    # @return [Array<Hash>] the longest wait seen of each saver for each worker's statement
    attr_reader :waits

    def initialize
      @waits = {}
      @samples = 0
    end

    # @return [void]
    def look(stopped)
      @samples += 1
      ActiveRecord::Base.connection.select_all(SQL).each do |row|
        key = row.values_at("saver", "worker", "query")
        entry = row.merge("stopped" => stopped.include?(row["by"]) || @waits.dig(key, "stopped") || false)
        @waits[key] = entry if @waits.dig(key, "seconds").to_f <= row["seconds"].to_f
      end
    end
  end
end
