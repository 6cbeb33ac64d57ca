# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What a fresh delivery waits for is fresh, too: else a visitor's message would wait for its contact's place in a
    # resync.
    #
    # @api private
    module Promotable
      extend ActiveSupport::Concern

      # Of so many fresh deliveries in line at a time; the rest comes with the next turn.
      FRONT = 500

      # Class methods of {Delivery}.
      module ClassMethods
        # Moves from the bulk lane what the first fresh deliveries depend on. It begins at those, and looks up a row for
        # each.
        #
        # @param integration_id [Integer]
        # @return [Integer] how many
        def promote(integration_id) = run(promote_sql, integration_id:, front: FRONT).length

        private

        def promote_sql
          <<~SQL
            WITH front AS MATERIALIZED (
              SELECT record_type, depends_on_type, depends_on_id FROM #{quoted_table_name} AS delivery
              WHERE delivery.integration_id = :integration_id AND delivery.state = 'pending' AND delivery.bulk = FALSE
                AND delivery.depends_on_id IS NOT NULL AND #{any_bulk_sql}
              ORDER BY delivery.run_at, delivery.id LIMIT :front
            ), needed AS MATERIALIZED (SELECT (#{needed_sql}) AS id FROM front),
            thread AS MATERIALIZED (#{thread_sql})
            UPDATE #{quoted_table_name} SET bulk = FALSE, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM needed UNION ALL SELECT id FROM thread) RETURNING id
          SQL
        end

        # Without any, which is nearly always, nothing is looked at. Its order keeps PostgreSQL to the lanes' index.
        def any_bulk_sql
          <<~SQL
            EXISTS (SELECT 1 FROM #{quoted_table_name} AS bulk WHERE bulk.integration_id = :integration_id
              AND bulk.state = 'pending' AND bulk.bulk = TRUE ORDER BY bulk.run_at LIMIT 1 OFFSET 0)
          SQL
        end

        # A reply waits for those before it, too. The states are as the index on kin has them.
        def thread_sql
          <<~SQL
            SELECT delivery.id FROM #{quoted_table_name} AS delivery
            WHERE delivery.integration_id = :integration_id AND delivery.record_type = 'comment'
              AND delivery.depends_on_type = 'support_ticket' AND delivery.state IN ('pending', 'in_flight')
              AND delivery.state = 'pending' AND delivery.bulk = TRUE
              AND delivery.depends_on_id IN (SELECT front.depends_on_id FROM front WHERE front.record_type = 'comment')
            #{Sql.skip_locked}
          SQL
        end

        def needed_sql
          <<~SQL
            SELECT delivery.id FROM #{quoted_table_name} AS delivery
            WHERE delivery.integration_id = :integration_id AND delivery.state = 'pending' AND delivery.bulk = TRUE
              AND delivery.record_type = front.depends_on_type AND delivery.record_id = front.depends_on_id
            LIMIT 1 OFFSET 0 #{Sql.skip_locked}
          SQL
        end
      end
    end
  end
end
