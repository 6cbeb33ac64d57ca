# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Which deliveries are next, and taking them.
    module Claimable
      extend ActiveSupport::Concern

      # Class methods of {Delivery}.
      module ClassMethods
        # Takes what is due, oldest first. On PostgreSQL it passes over rows that a host's open
        # transaction holds; waiting for them deadlocks host saves.
        #
        # @param lease [Lease] of the integration
        # @param limit [Integer]
        # @param record [Array(String, String), nil] only this type and id, due or not
        # @return [Array<Delivery>]
        def claim(lease, limit:, record: nil)
          values = { token: lease.token, limit:, type: record&.first, id: record&.last }
          ids = run(claim_sql(record), **ready_values(lease.integration_id), **values).rows.flatten
          ids.empty? ? [] : where(id: ids).order(:run_at, :id).to_a
        end

        # @param integration_id [Integer]
        # @return [Float, nil] seconds until the next delivery is due, negative if it is; nil if none is left
        def seconds_to_next(integration_id)
          earliest = Sql.seconds_until("MIN(delivery.run_at)")
          run("SELECT #{earliest} #{ready_sql}", ready_values(integration_id)).rows.dig(0, 0)&.to_f
        end

        private

        # The CTE keeps PostgreSQL from running the sub-select, and so the limit, more than once.
        def claim_sql(record)
          which = record ? "delivery.record_type = :type AND delivery.record_id = :id" : "delivery.run_at <= #{Sql.now}"
          <<~SQL
            WITH due AS MATERIALIZED (
              SELECT delivery.id #{ready_sql} AND #{which}
              ORDER BY delivery.run_at, delivery.id LIMIT :limit #{Sql.skip_locked}
            )
            UPDATE #{quoted_table_name} AS delivery SET state = 'in_flight', lease_token = :token,
              attempts = attempts + CASE error_code WHEN '#{Recoverable::LOST}' THEN 0 ELSE 1 END,
              doubt = delivery.doubt OR #{doubtful_sql}, claimed_at = #{Sql.now}, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM due) RETURNING id
          SQL
        end

        # Not ready is what depends on a record that is on its way, and what follows an earlier row of its own
        # record that is in flight. What waits for people blocks nobody: dead letters, and what is held.
        def ready_sql
          <<~SQL
            FROM #{quoted_table_name} AS delivery
            WHERE delivery.integration_id = :integration_id AND delivery.state = 'pending'
              AND delivery.kind IN (:kinds) AND delivery.action IN (:actions)
              AND NOT EXISTS (SELECT 1 FROM #{quoted_table_name} AS blocker
                WHERE blocker.integration_id = delivery.integration_id AND blocker.state IN (:undelivered)
                AND blocker.record_type = delivery.depends_on_type AND blocker.record_id = delivery.depends_on_id)
              AND NOT EXISTS (SELECT 1 FROM #{quoted_table_name} AS earlier
                WHERE earlier.integration_id = delivery.integration_id AND earlier.state = 'in_flight'
                AND earlier.record_type = delivery.record_type AND earlier.record_id = delivery.record_id)
          SQL
        end

        # What a dead letter of the record left behind, or what was left out while in doubt.
        def doubtful_sql
          <<~SQL.squish
            EXISTS (SELECT 1 FROM #{quoted_table_name} AS dead
              WHERE dead.integration_id = delivery.integration_id AND dead.state IN ('failed', 'held', 'skipped') AND dead.doubt
              AND dead.record_type = delivery.record_type AND dead.record_id = delivery.record_id)
          SQL
        end

        def ready_values(integration_id)
          { integration_id:, kinds: Kinds.all, actions: ACTIONS, undelivered: UNDELIVERED }
        end
      end
    end
  end
end
