# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Which deliveries are next, and taking them.
    #
    # What is asked of each candidate ends with OFFSET 0, which keeps PostgreSQL from making a join of it: that
    # would read all pending rows where a hundred are wanted, and without statistics each of them for each. So it
    # goes through the index in order, looks up a row or two for every candidate, and stops.
    #
    # @api private
    module Claimable
      extend ActiveSupport::Concern

      # Class methods of {Delivery}.
      module ClassMethods
        # Takes what is due, oldest first. On PostgreSQL it passes over rows that a host's open
        # transaction holds; waiting for them deadlocks host saves.
        #
        # @param lease [Lease] of the integration; who has lost it takes nothing
        # @param limit [Integer]
        # @param record [Array(String, String), nil] only this type and id, due or not
        # @return [Array<Delivery>]
        def claim(lease, limit:, record: nil)
          values = { token: lease.token, limit:, type: record&.first, id: record&.last }
          rows = run(claim_sql(record), **ready_values(lease.integration_id), **values)
          rows.map { |row| instantiate(row) }.sort_by { |one| [one.run_at, one.id] }
        end

        # @param integration_id [Integer]
        # @return [Float, nil] seconds until the next delivery is due, negative if it is; nil if none is left
        def seconds_to_next(integration_id)
          next_one = "SELECT #{Sql.seconds_until("delivery.run_at")} #{ready_sql} ORDER BY delivery.run_at LIMIT 1"
          run(next_one, ready_values(integration_id)).rows.dig(0, 0)&.to_f
        end

        private

        # The CTE keeps PostgreSQL from running the sub-select, and so the limit, more than once.
        def claim_sql(record)
          this = "delivery.record_type = :type AND delivery.record_id = :id"
          <<~SQL
            WITH due AS MATERIALIZED (
              SELECT delivery.id #{ready_sql} AND #{record ? this : "delivery.run_at <= #{Sql.statement_time}"} AND #{leased_sql}
              ORDER BY delivery.run_at, delivery.id LIMIT :limit #{Sql.skip_locked}
            )
            UPDATE #{quoted_table_name} AS delivery SET state = 'in_flight', lease_token = :token,
              attempts = attempts + CASE error_code WHEN '#{Recoverable::LOST}' THEN 0 ELSE 1 END,
              doubt = delivery.doubt OR #{doubtful_sql}, claimed_at = #{Sql.now}, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM due) RETURNING *
          SQL
        end

        # Not ready is what depends on a record that is on its way, and what follows an earlier row of its own
        # record that is in flight. What waits for people blocks nobody: dead letters, and what is held.
        def ready_sql
          <<~SQL
            FROM #{quoted_table_name} AS delivery
            WHERE delivery.integration_id = :integration_id AND delivery.state = 'pending'
              AND delivery.kind IN (:kinds) AND delivery.action IN (:actions)
              AND (delivery.depends_on_id IS NULL OR #{no_other("IN (:undelivered)", "delivery.depends_on")})
              AND #{no_other("= 'in_flight'", "delivery.record")}
          SQL
        end

        def no_other(state, record)
          <<~SQL.squish
            NOT EXISTS (SELECT 1 FROM #{quoted_table_name} AS other
              WHERE other.integration_id = :integration_id AND other.state #{state}
              AND other.record_type = #{record}_type AND other.record_id = #{record}_id LIMIT 1 OFFSET 0)
          SQL
        end

        def leased_sql
          "(SELECT lease_token FROM #{Integration.quoted_table_name} WHERE id = :integration_id) = :token"
        end

        # What a dead letter of the record left behind, or what was left out while in doubt.
        def doubtful_sql
          <<~SQL.squish
            EXISTS (SELECT 1 FROM #{quoted_table_name} AS dead
              WHERE dead.integration_id = :integration_id AND dead.state IN ('failed', 'held', 'skipped') AND dead.doubt
              AND dead.record_type = delivery.record_type AND dead.record_id = delivery.record_id LIMIT 1 OFFSET 0)
          SQL
        end

        def ready_values(integration_id)
          { integration_id:, kinds: Kinds.all, actions: ACTIONS, undelivered: UNDELIVERED }
        end
      end
    end
  end
end
