# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Writing down what became of deliveries, each statement for all of them. A row that somebody else has
    # taken over is left as it is.
    #
    # @api private
    module Settleable
      extend ActiveSupport::Concern

      # Class methods of {Delivery}.
      module ClassMethods
        # Ends deliveries, or puts them back in line.
        #
        # @param endings [Array<Ending>]
        # @return [void]
        def finish(endings)
          again, ended = endings.partition(&:again?)
          settle(ended)
          requeue(again)
        end

        # Older dead letters of these records say nothing any more once a later delivery has arrived, and what
        # was left out in doubt leaves none.
        #
        # @param deliveries [Array<Delivery>]
        # @return [void]
        def supersede_dead(deliveries)
          return if deliveries.empty?

          run(supersede_sql(deliveries.map { |one| [one.id, one.integration_id, one.record_type, one.record_id] }))
        end

        private

        # A dead letter of a delete keeps its tombstone: nothing else tells what was to be deleted.
        def settle(endings)
          return if endings.empty?

          run(<<~SQL)
            WITH #{Ending.table(endings)}
            UPDATE #{quoted_table_name} AS delivery SET state = ending.state, #{Ending::REASONS},
              settled_at = #{Sql.now}, updated_at = #{Sql.now},
              tombstone = CASE WHEN ending.state = 'failed' THEN delivery.tombstone END
            FROM ending WHERE #{Ending::MINE}
          SQL
        end

        # Passes over one that people are just replaying.
        def supersede_sql(rows)
          <<~SQL
            WITH #{arrived.with(rows)}, old AS MATERIALIZED (
              SELECT delivery.id FROM arrived JOIN #{quoted_table_name} AS delivery
                ON delivery.integration_id = arrived.integration_id AND delivery.record_type = arrived.record_type
                AND delivery.record_id = arrived.record_id
              WHERE delivery.id < arrived.id
                AND (delivery.state IN ('failed', 'held') OR (delivery.state = 'skipped' AND delivery.doubt))
              #{Sql.skip_locked}
            )
            UPDATE #{quoted_table_name} SET state = CASE state WHEN 'skipped' THEN state ELSE 'superseded' END,
              doubt = FALSE, tombstone = NULL, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM old)
          SQL
        end

        def arrived
          Sql::Rows.new("arrived", id: "bigint", integration_id: "bigint", record_type: "text", record_id: "text")
        end
      end
    end
  end
end
