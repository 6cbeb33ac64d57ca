# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Going again. There is one pending row for each record, so a row that meets a newer one steps
    # back, and the newer one inherits what is known about it.
    #
    # It never waits for a host's transaction: where one holds a record's pending row, the delivery stays
    # in flight and the next drain recovers it.
    #
    # @api private
    module Retryable
      extend ActiveSupport::Concern

      # The code of what left its place in line in an outage, so that others had their turn.
      OUTAGE = "outage"

      # Class methods of {Delivery}.
      module ClassMethods
        # Puts deliveries in flight back in line, all in one statement.
        #
        # @param endings [Array<Ending>]
        # @return [void]
        def requeue(endings)
          left = Sql::Portions.write(endings, ActiveRecord::RecordNotUnique) do |some|
            step_back(some) if put_back(some) < some.size
          end
          # A newer row was committed between the look and the write; the next look sees it.
          Sql::Portions.write(left) { |some| step_back(some) }
        end

        # Gives those their places back that left them in an outage, but for what a host's transaction holds.
        #
        # @param integration_id [Integer]
        # @return [void]
        def restore_places(integration_id)
          change_unheld("delivery.integration_id = :integration_id AND delivery.state = 'pending' " \
                        "AND delivery.error_code = :code AND delivery.run_at > delivery.occurred_at",
                        "run_at = occurred_at", integration_id:, code: OUTAGE)
        end

        private

        # Looks for a newer row in the statement that writes: on SQLite a transaction that reads first may fail.
        def put_back(endings)
          run(<<~SQL).rows.size
            WITH #{Ending.table(endings)}
            UPDATE #{quoted_table_name} AS delivery SET state = 'pending', lease_token = NULL, updated_at = #{Sql.now},
              run_at = CASE WHEN ending.after IS NULL THEN delivery.run_at ELSE #{Sql.from_now("ending.after")} END,
              #{Ending::REASONS}
            FROM ending WHERE #{Ending::MINE} AND NOT EXISTS (
              SELECT 1 FROM #{quoted_table_name} AS newer WHERE #{NEWER}
            ) RETURNING id
          SQL
        end

        # Behind a newer row that a host's transaction holds nobody steps back: it could not inherit.
        def step_back(endings)
          heirs = run(inherit_sql(endings)).rows
          behind = endings.select { |ending| heirs.include?(ending.delivery.record_key) }
          settle(behind.map { |ending| ending.with(state: :superseded) })
        end

        def inherit_sql(endings)
          <<~SQL
            WITH #{Ending.table(endings)}, heir AS MATERIALIZED (
              SELECT newer.id, ending.doubt, ending.attempts, delivery.action, delivery.receipt_id,
                delivery.first_failed_at FROM ending
              JOIN #{quoted_table_name} AS delivery ON #{Ending::MINE}
              JOIN #{quoted_table_name} AS newer ON #{NEWER} #{Sql.skip_locked("newer")}
            )
            UPDATE #{quoted_table_name} AS newer SET doubt = newer.doubt OR heir.doubt,
              action = CASE heir.action WHEN 'erase' THEN heir.action ELSE newer.action END,
              receipt_id = COALESCE(newer.receipt_id, heir.receipt_id),
              first_failed_at = COALESCE(newer.first_failed_at, heir.first_failed_at),
              attempts = CASE WHEN newer.attempts < heir.attempts THEN heir.attempts ELSE newer.attempts END
            FROM heir WHERE newer.id = heir.id RETURNING record_type, record_id
          SQL
        end
      end

      NEWER = "newer.integration_id = delivery.integration_id AND newer.state = 'pending' " \
              "AND newer.record_type = delivery.record_type AND newer.record_id = delivery.record_id"
      private_constant :NEWER
    end
  end
end
