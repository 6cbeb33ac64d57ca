# frozen_string_literal: true

module PwbCrm
  class Budget
    # When single things were written last, a ticket or a person: a sliding window log in the row of each. So it is
    # exact, and a burst may go at once, which a token bucket that keeps to a limit in any window does not allow.
    #
    # @api private
    module Log
      LOGS = Sql::Rows.new("log", bucket: "text", uses: "json")
      private_constant :LOGS

      # Rewrites the logs of an account, which nobody else does meanwhile.
      #
      # @param account [String]
      # @param buckets [Array<String>]
      # @yieldparam logs [Hash{String => Array<Float>}] the times by bucket, seconds since 1970, the oldest first; what
      #   the block puts in is kept
      # @yieldparam now [Float]
      # @return [Object] what the block gives
      def log(account, buckets)
        transaction(requires_new: true) do
          before = held_logs(account, buckets)
          now = present
          logs = before.transform_values { |times| past(times, now) }
          given = yield(logs, now)
          write_logs(account, logs.reject { |bucket, times| before[bucket] == times })
          given
        end
      end

      private

      # Where the database's clock was set back, what was written before is taken for written now: so nobody waits for
      # longer than a period.
      def past(times, now) = times.map { |time| [time, now].min }

      # A further read, because PostgreSQL may have waited for the rows.
      def present = Sql.present.round(3)

      # Made where there are none, in order, so that two that want the same ones do not deadlock.
      def held_logs(account, buckets)
        rows = run(<<~SQL, account:)
          WITH #{LOGS.with(buckets.uniq.sort.map { |bucket| [bucket, []] })}
          INSERT INTO #{quoted_table_name} AS budget (account, bucket, updated_at)
          SELECT :account, bucket, #{Sql.now} FROM log WHERE TRUE
          ON CONFLICT (account, bucket) DO UPDATE SET updated_at = excluded.updated_at RETURNING bucket, uses
        SQL
        rows.to_h { |row| [row["bucket"], JSON.parse(row["uses"] || "[]")] }
      end

      def write_logs(account, logs)
        return if logs.empty?

        run(<<~SQL, account:)
          WITH #{LOGS.with(logs.to_a)} UPDATE #{quoted_table_name} SET uses = log.uses FROM log
          WHERE #{quoted_table_name}.account = :account AND #{quoted_table_name}.bucket = log.bucket
        SQL
      end
    end
  end
end
