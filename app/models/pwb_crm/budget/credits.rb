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
      # What is noted in bulk leaves this share to what people save.
      RESERVE = 0.1
      # Credits to leave where nobody knows how many there are: a tenth of the smallest plan's.
      UNKNOWN = 500
      # The row of what the remote told, and what has been used since.
      TOLD = "credits"
      private_constant :RESERVE, :UNKNOWN, :TOLD

      # @param account [String]
      # @param limit [Integer, nil] credits in any 24 hours, if that is known
      def initialize(account, limit)
        @account = account
        @limit = limit
      end

      # @param bulk [Boolean] whether it is for what is noted in bulk
      # @return [Integer, Float] how many may be used; infinite where nothing is known
      def room(bulk: false)
        reserve = bulk ? reserved : 0
        [left_by_count, left_by_word].compact.map { |left| left - reserve }.min || Float::INFINITY
      end

      # @param count [Integer] just used
      # @return [void]
      def spend(count)
        return unless count.positive?

        Budget.run(<<~SQL, account: @account, count:)
          INSERT INTO #{table} AS budget (account, bucket, used, updated_at)
          VALUES (:account, #{hour_sql}, :count, #{Sql.now}), (:account, '#{TOLD}', :count, #{Sql.now})
          ON CONFLICT (account, bucket) DO UPDATE SET used = budget.used + excluded.used, updated_at = excluded.updated_at
        SQL
      end

      # @param remaining [Integer] as the remote told
      # @return [void]
      def learn(remaining)
        Budget.run(<<~SQL, account: @account, remaining:)
          INSERT INTO #{table} AS budget (account, bucket, remaining, slow_until, updated_at)
          VALUES (:account, '#{TOLD}', :remaining, #{Sql.epoch} + #{HOUR}, #{Sql.now})
          ON CONFLICT (account, bucket) DO UPDATE SET remaining = excluded.remaining, used = 0,
            slow_until = excluded.slow_until, updated_at = excluded.updated_at
        SQL
      end

      # @return [Float] seconds until some of what was used counts no more; an hour where that is unknown
      def wait
        oldest = hours.minimum(:bucket) if @limit
        return HOUR.to_f unless oldest

        ((number(oldest) + 1) * HOUR) + DAY - now + 1
      end

      private

      def table = Budget.quoted_table_name

      def reserved = @limit ? (@limit * RESERVE).ceil : UNKNOWN

      def left_by_count = (@limit - hours.sum(:used) if @limit)

      # The remote's word holds for an hour: what it does not know is what has grown old since.
      def left_by_word
        told = Budget.where(account: @account, bucket: TOLD).where("slow_until > #{Sql.epoch}")
        told.pick(Arel.sql("remaining - used"))
      end

      # Those of which any part is younger than a day. As many digits in each, so that they sort as text.
      def hours
        Budget.where(account: @account, bucket: "#{TOLD}@#{first_hour}".."#{TOLD}@9999999999")
      end

      def first_hour = format("%010d", ((now - DAY) / HOUR).floor)

      def number(bucket) = bucket.split("@").last.to_i

      def hour_sql = "'#{TOLD}@#{format("%010d", (now / HOUR).floor)}'"

      def now = Budget.run("SELECT #{Sql.epoch}").rows.dig(0, 0).to_f
    end
  end
end
