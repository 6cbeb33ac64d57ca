# frozen_string_literal: true

module PwbCrm
  class Budget
    # What remotes tell of their limits, and what follows from it for everybody on the account.
    #
    # @api private
    module Learning
      READINGS = Sql::Rows.new("reading", bucket: "text", step: "double precision", seen_limit: "integer",
                                          remaining: "integer", reset: "double precision")
      # Less than this share of what our own pace would need is left: others use the account, too.
      ENOUGH = 0.9
      # Of what is left, we then take this share.
      OURS = 0.9
      # What a network's delays ask for beyond the time between two: so many times as much after each refusal, up to as
      # much again as that time, for so many seconds.
      WIDER = 2.2
      WIDEST = 2
      WIDE = 600
      private_constant :READINGS, :ENOUGH, :OURS, :WIDER, :WIDEST, :WIDE

      # Slows down where what is left does not do until it is as good as new, and stops where nothing is left.
      #
      # @param account [String]
      # @param readings [Hash{String => Hash{Symbol => Numeric}}] `limit`, `remaining`, `reset` (seconds) by bucket
      # @param steps [Hash{String => Float}] seconds between two of our own, by bucket
      # @return [void]
      def learn(account, readings, steps = {})
        rows = readings.filter_map do |bucket, told|
          reading = Reading.of(told) and [bucket, steps[bucket], *reading.to_h.values]
        end
        return if rows.empty? || note_readings(account, rows) == rows.size

        make(account, rows.map(&:first))
        note_readings(account, rows)
      end

      # Lets more time pass between two for a while, because the remote refused one that went in time. What the remote
      # has told itself, and asks for more than that, stays as it is.
      #
      # @param account [String]
      # @param limit [Providers::Limits::Limit]
      # @return [void]
      def widen(account, limit)
        make(account, [limit.bucket])
        run(<<~SQL, account:, bucket: limit.bucket, step: limit.step, apart: limit.period.fdiv(limit.count))
          UPDATE #{quoted_table_name} SET updated_at = #{Sql.now},
            slow_until = #{Sql.greatest("slow_until", "#{Sql.epoch} + #{WIDE}")},
            slow_step = #{Sql.least(":apart * #{WIDEST}", ":apart + #{WIDER} * (#{step_now} - :apart)")}
          WHERE account = :account AND bucket = :bucket
            AND NOT (slow_until > #{Sql.epoch} AND slow_step > :apart * #{WIDEST})
        SQL
      end

      # Lets nobody on the account take anything for a while.
      #
      # @param account [String]
      # @param seconds [Numeric]
      # @param bucket [String] only of this limit
      # @return [void]
      def block(account, seconds, bucket: ALL)
        make(account, [bucket])
        blocked = Sql.greatest("blocked_until", "#{Sql.epoch} + :seconds")
        run("UPDATE #{quoted_table_name} SET blocked_until = #{blocked}, updated_at = #{Sql.now} " \
            "WHERE account = :account AND bucket = :bucket", account:, bucket:, seconds: seconds.to_f)
      end

      # @param account [String]
      # @return [Float] seconds for which it is blocked; 0 if it is not
      def blocked(account)
        run("SELECT #{Sql.greatest("COALESCE(MAX(blocked_until), 0) - #{Sql.epoch}", "0.0")} " \
            "FROM #{quoted_table_name} WHERE account = :account AND bucket = :bucket",
            account:, bucket: ALL).rows.dig(0, 0).to_f
      end

      private

      def note_readings(account, rows)
        run_with(READINGS.with(rows), <<~SQL, account:, enough: ENOUGH, ours: OURS).length
          , #{locked_sql("reading")} UPDATE #{quoted_table_name} SET updated_at = #{Sql.now},
            seen_limit = COALESCE(reading.seen_limit, #{quoted_table_name}.seen_limit),
            remaining = COALESCE(reading.remaining, #{quoted_table_name}.remaining),
            blocked_until = CASE WHEN reading.remaining <= 0
              THEN #{Sql.greatest("blocked_until", ends)} ELSE blocked_until END,
            slow_step = CASE WHEN #{scarce}
              THEN reading.reset / #{Sql.greatest("reading.remaining * :ours", "1.0")} ELSE slow_step END,
            slow_until = CASE WHEN #{scarce} THEN #{ends} ELSE slow_until END
          FROM reading, locked
          WHERE #{quoted_table_name}.id = locked.id AND #{quoted_table_name}.bucket = reading.bucket
          RETURNING #{quoted_table_name}.id
        SQL
      end

      def step_now
        "CASE WHEN slow_until > #{Sql.epoch} THEN #{Sql.greatest("slow_step", ":step")} ELSE :step END"
      end

      def ends = "#{Sql.epoch} + reading.reset"

      # Not where it is unknown: NULL.
      def scarce = "reading.remaining > 0 AND reading.remaining < :enough * reading.reset / reading.step"
    end
  end
end
