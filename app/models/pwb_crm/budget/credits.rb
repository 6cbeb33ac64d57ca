# frozen_string_literal: true

module PwbCrm
  class Budget
    # The credits of any 24 hours. What was used is counted by the hour; what the remote tells to be left counts, too,
    # because others may use the account.
    #
    # @api private
    class Credits
      HOUR = 3600
      DAY = 24 * HOUR
      # The row of what the remote told, and what has been used since. The name of each hour's row has its number behind
      # it, of as many digits, so that they sort as text.
      TOLD = "credits"
      LAST = "#{TOLD}@9999999999".freeze
      # More are none of anybody's, and go into no column.
      MOST = 1_000_000_000
      private_constant :TOLD, :LAST, :MOST

      # @param account [String]
      # @param limit [Integer, nil] credits in any 24 hours, if that is known
      def initialize(account, limit)
        @account = account
        @limit = limit
      end

      # @return [Standing] how it is now
      def look
        told, hours = rows.partition { |bucket, *| bucket == TOLD }
        _, left, word = told.first
        Standing.new(@limit, told: left, word: word.to_f, hours: hours.map { |row| hour(row) })
      end

      # @param count [Integer] just used
      # @return [void]
      def spend(count)
        return unless count.positive?

        Budget.run(<<~SQL, account: @account, count:)
          INSERT INTO #{table} AS budget (account, bucket, used, updated_at)
          VALUES (:account, '#{TOLD}', :count, #{Sql.now}), (:account, #{hour_sql}, :count, #{Sql.now})
          ON CONFLICT (account, bucket) DO UPDATE SET used = budget.used + excluded.used, updated_at = excluded.updated_at
        SQL
      end

      # @param remaining [Integer] as the remote told
      # @return [void]
      def learn(remaining)
        remaining = Reading.whole(remaining, 0..MOST) or return
        Budget.run(<<~SQL, account: @account, remaining:)
          INSERT INTO #{table} AS budget (account, bucket, remaining, slow_until, updated_at)
          VALUES (:account, '#{TOLD}', :remaining, #{Sql.epoch} + #{HOUR}, #{Sql.now})
          ON CONFLICT (account, bucket) DO UPDATE SET remaining = excluded.remaining, used = 0,
            slow_until = excluded.slow_until, updated_at = excluded.updated_at
        SQL
      end

      private

      def rows
        columns = [:bucket, "remaining - used", "slow_until - #{Sql.epoch}", :used, Sql.epoch]
        Budget.where(account: @account, bucket: TOLD..LAST)
              .pluck(*columns.map { |column| column.is_a?(Symbol) ? column : Arel.sql(column) })
      end

      def hour((bucket, _, _, used, now)) = Standing::Hour.at(bucket.split("@").last.to_i, used, now)

      def table = Budget.quoted_table_name

      def hour_sql
        hour = "#{Sql.epoch} / #{HOUR}"
        number = Sql.postgresql? ? "to_char(floor(#{hour}), 'FM0000000000')" : "printf('%010d', #{hour})"
        "'#{TOLD}@' || #{number}"
      end
    end
  end
end
