# frozen_string_literal: true

module PwbCrm
  # The few words in which PostgreSQL and SQLite differ.
  #
  # All times of leases and deliveries are the database's: workers' clocks differ. On PostgreSQL
  # it is `clock_timestamp()`, because `now()` stands still within a transaction.
  #
  # @api private
  module Sql
    class << self
      # @return [Boolean]
      def postgresql? = ApplicationRecord.connection_db_config.adapter.start_with?("postg")

      # @param seconds [Numeric] added to the database's present time; may be negative
      # @return [String] an SQL expression
      def now(seconds = 0)
        offset = format("%+.3f seconds", seconds)
        return "(clock_timestamp() + interval '#{offset}')" if postgresql?

        "strftime('%Y-%m-%d %H:%M:%f', 'now', '#{offset}'#{", 'localtime'" if local_time?})"
      end

      # @param expression [String] of a time as text, or NULL
      # @return [String] an SQL expression
      def time(expression) = postgresql? ? "CAST(#{expression} AS timestamp)" : expression

      # @return [String] an SQL expression for the time at which the statement began. It stands still, so unlike
      #   {.now} it can be looked up in an index
      def statement_time = postgresql? ? "statement_timestamp()" : now

      # @param expression [String] a number of seconds, within a statement
      # @return [String] an SQL expression for the time so long after the database's present one
      def from_now(expression)
        return "(clock_timestamp() + #{expression} * interval '1 second')" if postgresql?

        "strftime('%Y-%m-%d %H:%M:%f', 'now', printf('%+.3f seconds', #{expression})#{", 'localtime'" if local_time?})"
      end

      # @param table [String] its name within the statement
      # @return [String] ends a select, so that it neither waits for nor takes that table's rows which
      #   others hold
      def skip_locked(table = "delivery") = postgresql? ? "FOR UPDATE OF #{table} SKIP LOCKED" : ""

      # Lets what the block writes fail at once, inside a savepoint of its own, rather than wait for a lock that
      # a host's transaction may hold for long.
      #
      # @return [Boolean] false if it would have had to wait
      def without_waiting
        ApplicationRecord.transaction(requires_new: true) do
          before = limit_waiting("20ms")
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
        return "EXTRACT(EPOCH FROM (#{expression} - clock_timestamp()))" if postgresql?

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

      def local_time? = ActiveRecord.default_timezone == :local
    end
  end
end
