# frozen_string_literal: true

module PwbCrm
  class InboundEvent
    # Which events are next, taking them, and taking them back from a worker that died. Several are claimed at once,
    # but an attempt counts once it has begun ({Settleable#begin_attempt}): what is merely claimed along with the one
    # that kills its worker must not end as that does.
    #
    # @api private
    module Claimable
      extend ActiveSupport::Concern

      # Which of those that were claimed the worker was at, and which of them it was at for the last time.
      BEGUN = "begun_at >= claimed_at"
      OVER = "#{BEGUN} AND attempts >= :attempts".freeze
      # Seconds before the next attempt: none after the first, which a deploy may have ended.
      AFTER_LOSS = "5.0 * (attempts - 1) * attempts"
      private_constant :BEGUN, :OVER, :AFTER_LOSS

      # Class methods of {InboundEvent}.
      module ClassMethods
        # Takes what is due. It passes over rows that another worker is just taking.
        #
        # @param integration_id [Integer]
        # @param limit [Integer]
        # @return [Array<InboundEvent>] in the order in which they happened, and last what a worker has died at
        def claim(integration_id, limit:)
          rows = run(<<~SQL, integration_id:, limit:)
            WITH due AS MATERIALIZED (
              SELECT event.id FROM #{quoted_table_name} AS event
              WHERE event.integration_id = :integration_id AND event.state = 'pending'
                AND event.run_at <= #{Sql.statement_time}
              ORDER BY event.run_at, event.id LIMIT :limit #{Sql.skip_locked("event")}
            )
            UPDATE #{quoted_table_name} SET state = 'applying', claimed_at = #{Sql.now}, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM due) RETURNING *
          SQL
          rows.map { |row| instantiate(row) }.sort_by { |one| [one.begun_at ? 1 : 0, one.occurred_at, one.id] }
        end

        # Puts back what a worker that died had taken: at once, but what it was at later and later. What has killed it
        # the last time is left to people.
        #
        # @param integration_id [Integer]
        # @return [void]
        def recover(integration_id)
          run(<<~SQL, integration_id:, attempts: self::ATTEMPTS, lost: Delivery::LOST)
            WITH lost AS MATERIALIZED (
              SELECT event.id FROM #{quoted_table_name} AS event
              WHERE event.integration_id = :integration_id AND #{abandoned_sql} #{Sql.skip_locked("event")}
            )
            UPDATE #{quoted_table_name} SET updated_at = #{Sql.now},
              run_at = CASE WHEN #{BEGUN} THEN #{Sql.from_now(AFTER_LOSS)} ELSE #{Sql.now} END,
              state = CASE WHEN #{OVER} THEN 'failed' ELSE 'pending' END,
              settled_at = CASE WHEN #{OVER} THEN #{Sql.now} END,
              error_code = CASE WHEN #{OVER} THEN :lost WHEN #{BEGUN} THEN NULL ELSE error_code END,
              error_message = CASE WHEN #{OVER} THEN 'The worker died in the last attempt at inbound event ' || id || '.'
                WHEN #{BEGUN} THEN 'A worker died at inbound event ' || id || '; it is applied again.'
                ELSE error_message END
            WHERE id IN (SELECT id FROM lost)
          SQL
        end

        # @return [Array<Integer>] the ids of the integrations with events that are due, or that a worker has left
        def stranded_ids
          known = Integration.receiving.where(platform: Providers.platforms)
          due = waiting.where("run_at <= #{Sql.statement_time}").order(:run_at)
          signs = [due, where(abandoned_sql).order(:created_at)].map { |rows| Integration.any_sql(rows) }
          known.where(signs.join(" OR ")).order(:id).ids
        end

        private

        def abandoned_sql
          "state = 'applying' AND claimed_at <= #{Sql.now(-PwbCrm.config.lease_time)}"
        end
      end
    end
  end
end
