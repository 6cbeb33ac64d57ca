# frozen_string_literal: true

module PwbCrm
  # The few words in which PostgreSQL and SQLite differ.
  #
  # All times of leases and deliveries are the database's: workers' clocks differ. On PostgreSQL
  # it is `clock_timestamp()`, because `now()` stands still within a transaction.
  #
  # @api private
  module Sql
    # Seconds by which all times differ from the database's clock, so that specs can let hours pass.
    @offset = 0

    class << self
      # @return [Numeric] see above; 0 outside of tests
      attr_accessor :offset

      # @return [Boolean]
      def postgresql? = ApplicationRecord.connection_db_config.adapter.start_with?("postg")

      # @param seconds [Numeric] added to the database's present time; may be negative
      # @return [String] an SQL expression
      def now(seconds = 0)
        later = format("%+.3f seconds", seconds + offset)
        return "(clock_timestamp() + interval '#{later}')" if postgresql?

        "strftime('%Y-%m-%d %H:%M:%f', 'now', '#{later}'#{", 'localtime'" if local_time?})"
      end

      # @return [String] an SQL expression for the seconds since 1970, a floating point number
      def epoch
        return "CAST(EXTRACT(EPOCH FROM #{clock}) AS double precision)" if postgresql?

        "((julianday('now'#{moved}) - 2440587.5) * 86400.0)"
      end

      # @return [Float] the same, asked for
      def present = ApplicationRecord.run("SELECT #{epoch}").rows.dig(0, 0).to_f

      # @param expression [String] of a time as text, or NULL
      # @return [String] an SQL expression
      def time(expression) = postgresql? ? "CAST(#{expression} AS timestamp)" : expression

      # @param seconds [Numeric] added to it; may be negative
      # @return [String] an SQL expression for the time at which the statement began. It stands still, so unlike
      #   {.now} it can be looked up in an index
      def statement_time(seconds = 0) = postgresql? ? clock("statement_timestamp()", seconds + offset) : now(seconds)

      # @param expression [String] a number of seconds, within a statement
      # @return [String] an SQL expression for the time so long after the database's present one
      def from_now(expression)
        return "(#{clock} + #{expression} * interval '1 second')" if postgresql?

        "strftime('%Y-%m-%d %H:%M:%f', 'now', printf('%+.3f seconds', #{expression})#{moved}" \
          "#{", 'localtime'" if local_time?})"
      end

      # @param expressions [Array<String>] of numbers, none of them NULL
      # @return [String] an SQL expression for the least of them
      def least(*expressions) = "#{postgresql? ? "LEAST" : "min"}(#{expressions.join(", ")})"

      # @param expressions [Array<String>] of numbers, none of them NULL
      # @return [String] an SQL expression for the greatest of them
      def greatest(*expressions) = "#{postgresql? ? "GREATEST" : "max"}(#{expressions.join(", ")})"

      # @param table [String] its name within the statement
      # @return [String] ends a select, so that it neither waits for nor takes that table's rows which
      #   others hold
      def skip_locked(table = "delivery") = postgresql? ? "FOR UPDATE OF #{table} SKIP LOCKED" : ""

      # Lets what the block writes fail at once, inside a savepoint of its own, rather than wait for a lock that
      # a host's transaction may hold for long.
      #
      # @param limit [String] what "at once" means
      # @return [Boolean] false if it would have had to wait
      def without_waiting(limit = "20ms")
        ApplicationRecord.transaction(requires_new: true) do
          before = limit_waiting(limit)
          yield
          limit_waiting(before)
        end
        true
      rescue ActiveRecord::LockWaitTimeout
        false
      end

      # @param expression [String] of a time
      # @return [String] an SQL expression for the seconds until then; negative if it is past
      def seconds_until(expression)
        return "EXTRACT(EPOCH FROM (#{expression} - #{clock}))" if postgresql?

        "((julianday(#{expression}) - julianday(#{now})) * 86400)"
      end

      # @param time [Time]
      # @return [Boolean] whether it has yet to come, by the database's clock
      def future?(time)
        ApplicationRecord.run("SELECT #{seconds_until(":time")}", time:).rows.dig(0, 0).to_f.positive?
      end

      private

      # Until the transaction ends, which may be the host's. Answers the limit before.
      def limit_waiting(limit)
        ApplicationRecord.run(<<~SQL, limit:).rows.dig(0, 0) if postgresql?
          WITH before AS MATERIALIZED (SELECT current_setting('lock_timeout') AS lock_timeout)
          SELECT lock_timeout, set_config('lock_timeout', :limit, TRUE) FROM before
        SQL
      end

      # PostgreSQL's, moved on by the offset.
      def clock(time = "clock_timestamp()", seconds = offset)
        seconds.zero? ? time : "(#{time} + interval '#{format("%+.3f seconds", seconds)}')"
      end

      # The same as a modifier of SQLite's.
      def moved = (", '#{format("%+.3f seconds", offset)}'" unless offset.zero?)

      def local_time? = ActiveRecord.default_timezone == :local
    end
  end
end
