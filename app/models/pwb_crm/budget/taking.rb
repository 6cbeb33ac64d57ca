# frozen_string_literal: true

module PwbCrm
  class Budget
    # Taking from several limits of an account at once: from all of them or from none. Taken one by one, what a scarce
    # one gave would be lost whenever another has nothing; and given whatever is there, slices would be of one.
    #
    # @api private
    module Taking
      ASKS = Sql::Rows.new("ask", bucket: "text", step: "double precision", burst: "double precision",
                                  weight: "double precision")
      private_constant :ASKS

      # @param account [String]
      # @param asks [Array<Ask>] one for each bucket
      # @param least [Integer] fewer are not worth it; never more than can be had together
      # @param most [Integer]
      # @return [Grant]
      def take(account, asks, least: 1, most: least)
        return Grant.new(count: most, wait: 0.0) if asks.empty?

        least = [least, most, *asks.map(&:together)].min
        count, wait = (try(account, asks, least, most) || begin
          make(account, asks.map(&:bucket))
          try(account, asks, least, most)
        end)
        Grant.new(count:, wait:)
      end

      # Takes more, or gives back, whatever is there: what went out turned out to need it, or not to.
      #
      # @param account [String]
      # @param asks [Array<Ask>] whose weights are the differences; negative where it is given back
      # @return [void]
      def correct(account, asks)
        rows = asks.filter_map { |ask| ask.with(burst: 0).to_row unless ask.weight.zero? }
        return if rows.empty?

        make(account, rows.map(&:first))
        run_with(ASKS.with(rows), correct_sql, account:)
      end

      private

      # Nothing where rows are missing.
      def try(account, asks, least, most)
        given = run_with(ASKS.with(asks.map(&:to_row)), ", #{held_sql}, #{lot_sql}, #{won_sql} #{take_sql}",
                         account:, all: ALL, least:, most:, tolerance: TOLERANCE, asked: asks.size).rows
        count, wait, found = given.first
        [count, wait] if (found || given.size) == asks.size
      end

      def correct_sql
        <<~SQL
          , #{locked_sql("ask")} UPDATE #{quoted_table_name} SET updated_at = #{Sql.now},
            tat = CASE WHEN ask.weight > 0 THEN #{Sql.greatest("tat", Sql.epoch)} ELSE tat END + ask.weight * ask.step
          FROM ask, locked WHERE #{quoted_table_name}.id = locked.id AND #{quoted_table_name}.bucket = ask.bucket
        SQL
      end

      # In order, so that two that want the same rows do not deadlock.
      def held_sql
        <<~SQL
          clock AS MATERIALIZED (SELECT #{Sql.epoch} AS now),
          held AS MATERIALIZED (
            SELECT budget.bucket, clock.now, #{Sql.greatest("budget.tat", "clock.now")} AS tat, ask.burst, ask.weight,
              #{Sql.greatest("budget.blocked_until", "(#{all_blocked_sql})")} AS blocked_until,
              CASE WHEN budget.slow_until > clock.now THEN #{Sql.greatest("ask.step", "budget.slow_step")}
                ELSE ask.step END AS step
            FROM #{quoted_table_name} AS budget JOIN ask ON ask.bucket = budget.bucket CROSS JOIN clock
            WHERE budget.account = :account ORDER BY budget.bucket #{for_update}
          )
        SQL
      end

      def all_blocked_sql
        "SELECT COALESCE(MAX(blocked_until), 0) FROM #{quoted_table_name} WHERE account = :account AND bucket = :all"
      end

      # How many can be had of the scarcest, and how long until it is the least that is wanted.
      def lot_sql
        <<~SQL
          lot AS (
            SELECT COUNT(*) AS found,
              MIN(CASE WHEN blocked_until > now THEN 0
                ELSE floor((now + burst * step - tat) / (weight * step) + :tolerance) END) AS room,
              MAX(#{Sql.greatest("blocked_until - now", "tat + (:least * weight - burst) * step - now", "0.0")}) AS delay
            FROM held
          )
        SQL
      end

      def won_sql
        <<~SQL
          won AS (
            SELECT CASE WHEN found = :asked AND room >= :least THEN CAST(#{Sql.least("room", ":most")} AS integer)
              ELSE 0 END AS count, delay, found FROM lot
          )
        SQL
      end

      def take_sql = Sql.postgresql? ? ", #{taken_sql} SELECT count, delay, found FROM won" : told_sql

      # Nothing is written where nothing was given.
      def taken_sql
        <<~SQL
          taken AS (
            UPDATE #{quoted_table_name} AS budget SET updated_at = #{Sql.now},
              tat = held.tat + won.count * held.weight * held.step
            FROM held, won WHERE won.count > 0 AND budget.account = :account AND budget.bucket = held.bucket
          )
        SQL
      end

      # SQLite writes in no table of a statement, and its RETURNING knows no other tables: so what was given is told
      # through columns.
      def told_sql
        <<~SQL
          UPDATE #{quoted_table_name} SET granted = won.count, updated_at = #{Sql.now},
            wait = CASE WHEN won.count > 0 THEN 0 ELSE won.delay END,
            tat = CASE WHEN won.count > 0 THEN held.tat + won.count * held.weight * held.step
              ELSE #{quoted_table_name}.tat END
          FROM held, won
          WHERE #{quoted_table_name}.account = :account AND #{quoted_table_name}.bucket = held.bucket
          RETURNING granted, wait
        SQL
      end
    end
  end
end
