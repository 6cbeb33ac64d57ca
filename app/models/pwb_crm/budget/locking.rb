# frozen_string_literal: true

module PwbCrm
  class Budget
    # Statements that write several rows lock them in one order, so that none waits for another in a circle.
    #
    # @api private
    module Locking
      # Holds a row until the transaction ends, and makes it if there is none.
      #
      # @param account [String]
      # @param bucket [String]
      # @return [void]
      def hold(account, bucket)
        run(<<~SQL, account:, bucket:)
          INSERT INTO #{quoted_table_name} (account, bucket, updated_at) VALUES (:account, :bucket, #{Sql.now})
          ON CONFLICT (account, bucket) DO UPDATE SET updated_at = excluded.updated_at
        SQL
      end

      private

      # What stands in the table of values is quoted already, and has colons. What a deadlock with somebody else's
      # statements broke off has written nothing, so it is repeated once; not where it broke off the caller's, too.
      def run_with(table, sql, **values)
        statement = "WITH #{table} #{sanitize_sql([sql, values])}"
        alone = !current_transaction.open?
        begin
          run(statement)
        rescue ActiveRecord::Deadlocked
          alone ? run(statement) : raise
        end
      end

      # @param table [String] with the buckets to be written
      # @return [String] a further one with the ids of their rows
      def locked_sql(table)
        <<~SQL
          locked AS MATERIALIZED (
            SELECT budget.id FROM #{quoted_table_name} AS budget JOIN #{table} ON #{table}.bucket = budget.bucket
            WHERE budget.account = :account ORDER BY budget.bucket #{for_update}
          )
        SQL
      end

      def for_update = ("FOR UPDATE OF budget" if Sql.postgresql?)
    end
  end
end
