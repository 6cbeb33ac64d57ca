# frozen_string_literal: true

module PwbCrm
  class InboundEvent
    # Which events are next, taking them, and taking them back from a worker that died. A claim counts as an attempt,
    # whose number tells the worker who has it from those who had it before.
    #
    # @api private
    module Claimable
      extend ActiveSupport::Concern

      # Class methods of {InboundEvent}.
      module ClassMethods
        # Takes what is due. It passes over rows that another worker is just taking.
        #
        # @param integration_id [Integer]
        # @param limit [Integer]
        # @return [Array<InboundEvent>] in the order in which they happened
        def claim(integration_id, limit:)
          rows = run(<<~SQL, integration_id:, limit:)
            WITH due AS MATERIALIZED (
              SELECT event.id FROM #{quoted_table_name} AS event
              WHERE event.integration_id = :integration_id AND event.state = 'pending'
                AND event.run_at <= #{Sql.statement_time}
              ORDER BY event.run_at, event.id LIMIT :limit #{Sql.skip_locked("event")}
            )
            UPDATE #{quoted_table_name} SET state = 'applying', attempts = attempts + 1,
              claimed_at = #{Sql.now}, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM due) RETURNING *
          SQL
          rows.map { |row| instantiate(row) }.sort_by { |one| [one.occurred_at, one.id] }
        end

        # Puts back what a worker that died had taken. What killed it the last time is left to people.
        #
        # @param integration_id [Integer]
        # @return [void]
        def recover(integration_id)
          run(<<~SQL, integration_id:, attempts: self::ATTEMPTS, lost: Delivery::LOST)
            WITH lost AS MATERIALIZED (
              SELECT event.id FROM #{quoted_table_name} AS event
              WHERE event.integration_id = :integration_id AND #{abandoned_sql} #{Sql.skip_locked("event")}
            )
            UPDATE #{quoted_table_name} SET updated_at = #{Sql.now}, run_at = #{Sql.now},
              state = CASE WHEN attempts < :attempts THEN 'pending' ELSE 'failed' END,
              settled_at = CASE WHEN attempts < :attempts THEN NULL ELSE #{Sql.now} END,
              error_code = CASE WHEN attempts < :attempts THEN NULL ELSE :lost END,
              error_message = CASE WHEN attempts < :attempts THEN 'A worker died at inbound event ' || id ||
                '; it is applied again.' ELSE 'The worker died in the last attempt at inbound event ' || id || '.' END
            WHERE id IN (SELECT id FROM lost)
          SQL
        end

        # @return [Array<Integer>] the ids of the integrations with events that are due, or that a worker has left
        def stranded_ids
          known = Integration.receiving.where(platform: Providers.platforms)
          due = "event.state = 'pending' AND event.run_at <= #{Sql.statement_time} ORDER BY event.run_at"
          known.where("#{any(due)} OR #{any("#{abandoned_sql} ORDER BY event.created_at")}").order(:id).ids
        end

        private

        def abandoned_sql
          "event.state = 'applying' AND event.claimed_at <= #{Sql.now(-PwbCrm.config.lease_time)}"
        end

        # Order and OFFSET keep PostgreSQL to the index, one look-up for each integration.
        def any(condition)
          "EXISTS (SELECT 1 FROM #{quoted_table_name} AS event WHERE event.integration_id = " \
            "#{Integration.quoted_table_name}.id AND #{condition} LIMIT 1 OFFSET 0)"
        end
      end
    end
  end
end
