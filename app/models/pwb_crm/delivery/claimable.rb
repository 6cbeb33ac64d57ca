# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Taking what may go ({Readiness}) by the lanes that {Lined} looks through.
    #
    # @api private
    module Claimable
      extend ActiveSupport::Concern

      # Class methods of {Delivery}.
      module ClassMethods
        # Takes what is due, fresh before bulk, in each the oldest first. On PostgreSQL it passes over rows that a
        # host's open transaction holds; waiting for them deadlocks host saves.
        #
        # @param lease [Lease] of the integration; who has lost it takes nothing
        # @param limit [Integer]
        # @param record [Array(String, String), nil] only this type and id, due or not
        # @param bulk [Boolean] whether the bulk lane is wanted, too; it is left out while the integration holds it
        # @param kinds [Array<String>, nil] only these
        # @return [Array<Delivery>]
        def claim(lease, limit:, record: nil, bulk: true, kinds: nil)
          values = { token: lease.token, limit:, type: record&.first, id: record&.last }
          values.update(Readiness.values(lease.integration_id))
          rows = run(record ? claim_one_sql : claim_sql(bulk, kinds), values)
          rows.map { |row| instantiate(row) }.sort_by { |one| [one.bulk ? 1 : 0, one.run_at, one.id] }
        end

        # @param integration_id [Integer]
        # @param since [Numeric] seconds
        # @return [Boolean] whether something fresh has been due for so long, and waits for nothing but a worker
        def ready?(integration_id, since:)
          late = "AND delivery.run_at <= #{Sql.statement_time(-since)}"
          run(lines(Lined::FRESH, nil, late, "LIMIT 1").sole, Readiness.values(integration_id)).any?
        end

        # @param integration_id [Integer]
        # @param since [Numeric] seconds
        # @return [Boolean] whether some are tried again later, and nothing fresh has been due for so long but what
        #   waits for those
        def blocked?(integration_id, since:)
          again = where(integration_id:).waiting.where("attempts > 0 AND run_at > #{Sql.now}")
          again.exists? && !ready?(integration_id, since:)
        end

        private

        # The bulk itself has the plain limit, too: without a number PostgreSQL would plan for a tenth of its rows.
        def claim_sql(bulk, kinds)
          tables = first_sql("fresh", Lined::FRESH, kinds)
          return "WITH #{tables} #{take_sql("SELECT id FROM fresh")}" unless bulk

          later = first_sql("later", Lined::BULK, kinds, limit: "LIMIT :limit - (SELECT COUNT(*) FROM fresh)")
          "WITH #{tables}, #{later} #{take_sql("SELECT id FROM fresh UNION ALL SELECT id FROM later")}"
        end

        # In CTEs, which keep PostgreSQL from running it, and so the limit, more than once. Each part locks its rows,
        # because a union cannot.
        def first_sql(name, lane, kinds, limit: "LIMIT :limit")
          parts = lines(lane, kinds, "AND #{leased_sql}", "LIMIT :limit #{Sql.skip_locked}")
          parts = parts.each_with_index.to_h { |part, index| ["#{name}_#{index}", part] }
          all = parts.keys.map { |part| "SELECT id, run_at FROM #{part}" }.join(" UNION ALL ")
          [*parts.map { |part, sql| "#{part} AS MATERIALIZED (#{sql})" },
           "#{name} AS MATERIALIZED (SELECT id FROM (#{all}) AS #{name}_all ORDER BY run_at, id #{limit})"].join(", ")
        end

        def claim_one_sql
          <<~SQL
            WITH fresh AS MATERIALIZED (
              SELECT delivery.id #{Readiness.sql} AND delivery.record_type = :type AND delivery.record_id = :id AND #{leased_sql}
              LIMIT :limit #{Sql.skip_locked}
            )
            #{take_sql("SELECT id FROM fresh")}
          SQL
        end

        def take_sql(chosen)
          <<~SQL
            UPDATE #{quoted_table_name} AS delivery SET state = 'in_flight', lease_token = :token,
              attempts = attempts + CASE error_code WHEN '#{Recoverable::LOST}' THEN 0 ELSE 1 END,
              doubt = delivery.doubt OR #{doubtful_sql}, claimed_at = #{Sql.now}, updated_at = #{Sql.now}
            WHERE #{among_sql(chosen)} RETURNING *
          SQL
        end

        # As a list, because of a table that PostgreSQL believes to be empty it would read all rows for each of a join.
        def among_sql(chosen) = Sql.postgresql? ? "id = ANY (ARRAY(#{chosen}))" : "id IN (#{chosen})"

        def leased_sql
          "(SELECT lease_token FROM #{Integration.quoted_table_name} WHERE id = :integration_id) = :token"
        end

        # What a dead letter of the record left behind, or what was left out while in doubt.
        def doubtful_sql
          <<~SQL
            EXISTS (SELECT 1 FROM #{quoted_table_name} AS dead
              WHERE dead.integration_id = :integration_id AND dead.state IN ('failed', 'held', 'skipped') AND dead.doubt
              AND dead.record_type = delivery.record_type AND dead.record_id = delivery.record_id LIMIT 1 OFFSET 0)
          SQL
        end
      end
    end
  end
end
