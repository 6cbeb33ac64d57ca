# frozen_string_literal: true

module PwbCrm
  # How much of a remote account's limits is used up: a row for each of them, which all processes and all integrations
  # on that account share. Rates are kept as a token bucket that is stored as one time (`tat`, the generic cell rate
  # algorithm): until when what was taken lasts. Times are seconds since 1970, by the database's clock.
  #
  # @api private
  class Budget < ApplicationRecord
    crm_table :integration_budgets

    attribute :uses, :json

    # What is wanted of a limit, for each one of a grant. `bucket` (String) is its name, `step` (Float) the seconds
    # between two of it, `burst` (Integer) how many may come at once, `weight` (Integer) how many each one takes.
    Ask = Data.define(:bucket, :step, :burst, :weight) do
      # @param limit [Providers::Limits::Limit]
      # @param weight [Integer]
      # @return [Ask]
      def self.of(limit, weight = 1) = new(bucket: limit.bucket, step: limit.step, burst: limit.burst, weight:)

      # @return [Array] a row of the table `ask`
      def to_row = [bucket, step, [burst, weight].max, weight]

      # @return [Integer] how many can be had together, after a rest
      def together = [burst / weight, 1].max
    end

    # What was given: `count` (Integer) and, if that is 0, after how many seconds (Float) to ask again.
    Grant = Data.define(:count, :wait)

    # The row that blocks all of its account.
    ALL = "all"
    # Less than this of one is none: a clock that is read twice may differ by so much, and so may a sum of fractions.
    TOLERANCE = 1e-4

    extend Locking
    extend Taking
    extend Learning
    extend Log

    class << self
      # @param account [String] digest of the account, or a name of an integration's own
      # @return [Hash{String => Integer}] limits that replies have told, by bucket
      def seen(account) = where(account:, seen_limit: 1..).pluck(:bucket, :seen_limit).to_h

      # Adds what one account has used to what another has, because it was the same: all of it, and once.
      #
      # @param from [String]
      # @param account [String]
      # @return [void]
      def move(from, account)
        transaction(requires_new: true) do
          move_logs(from, account)
          run(move_sql, from:, account:)
          where(account: from).delete_all
        end
      end

      private

      # Both are counted.
      def move_logs(from, account)
        moved = where(account: from).where.not(uses: nil).pluck(:bucket, :uses).to_h
        log(account, moved.keys) { |logs, _| moved.each { |name, uses| logs[name].concat(uses).sort! } } if moved.any?
      end

      # What the remote told last holds, with what was used since.
      def move_sql
        <<~SQL
          INSERT INTO #{quoted_table_name} AS budget
            (account, bucket, tat, blocked_until, slow_step, slow_until, seen_limit, remaining, used, updated_at)
          SELECT :account, bucket, tat, blocked_until, slow_step, slow_until, seen_limit, remaining, used, #{Sql.now}
          FROM #{quoted_table_name} WHERE account = :from ORDER BY bucket
          ON CONFLICT (account, bucket) DO UPDATE SET updated_at = excluded.updated_at,
            tat = #{Sql.greatest("budget.tat", Sql.epoch)} + #{Sql.greatest("excluded.tat - #{Sql.epoch}", "0")},
            blocked_until = #{Sql.greatest("budget.blocked_until", "excluded.blocked_until")},
            slow_step = #{Sql.greatest("budget.slow_step", "excluded.slow_step")},
            slow_until = #{Sql.greatest("budget.slow_until", "excluded.slow_until")},
            seen_limit = COALESCE(excluded.seen_limit, budget.seen_limit),
            remaining = COALESCE(excluded.remaining, budget.remaining),
            used = excluded.used + CASE WHEN excluded.remaining IS NULL THEN budget.used ELSE 0 END
        SQL
      end

      # So that there are rows to update. Two that make the same one at once do no harm.
      def make(account, buckets)
        buckets.uniq.sort.each do |bucket|
          run(<<~SQL, account:, bucket:)
            INSERT INTO #{quoted_table_name} (account, bucket, updated_at) VALUES (:account, :bucket, #{Sql.now})
            ON CONFLICT (account, bucket) DO NOTHING
          SQL
        end
      end
    end
  end
end
