# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Which deliveries are next, and taking them. There are two lanes: what people have just saved (fresh), and what
    # was noted in bulk, which goes when nothing fresh is due.
    #
    # What is asked of each candidate ends with OFFSET 0, which keeps PostgreSQL from making a join of it: that
    # would read all pending rows where a hundred are wanted, and without statistics each of them for each. So it
    # goes through the index in order, looks up a row or two for every candidate, and stops.
    #
    # @api private
    module Claimable
      extend ActiveSupport::Concern

      # The lanes.
      FRESH = "fresh"
      BULK = "bulk"

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
          rows = run(record ? claim_one_sql : claim_sql(bulk), ready_values(lease.integration_id, kinds).merge(values))
          rows.map { |row| instantiate(row) }.sort_by { |one| [one.bulk ? 1 : 0, one.run_at, one.id] }
        end

        # @param integration_id [Integer]
        # @param limit [Integer] counts no further
        # @param kinds [Array<String>] only these
        # @param bulk [Boolean] as for {claim}
        # @return [Integer] how many are due
        def count_due(integration_id, limit:, kinds:, bulk: true)
          due = "delivery.run_at <= #{Sql.statement_time} ORDER BY delivery.run_at, delivery.id LIMIT :limit"
          firsts = [FRESH, *(BULK if bulk)].map do |lane|
            "SELECT * FROM (SELECT delivery.id #{ready_sql} AND #{lane_sql(lane)} AND #{due}) AS #{lane}"
          end
          counted = "SELECT COUNT(*) FROM (#{firsts.join(" UNION ALL ")}) AS due"
          [run(counted, ready_values(integration_id, kinds).merge(limit:)).rows.dig(0, 0).to_i, limit].min
        end

        # @param integration_id [Integer]
        # @param bulk [Boolean] as for {claim}
        # @return [Float, nil] seconds until the next delivery is due, negative if it is; nil if none is left
        def seconds_to_next(integration_id, bulk: true)
          firsts = [FRESH, *(BULK if bulk)].map do |lane|
            "SELECT * FROM (SELECT delivery.run_at #{ready_sql} AND #{lane_sql(lane)} " \
              "ORDER BY delivery.run_at LIMIT 1) AS #{lane}"
          end
          next_one = "SELECT #{Sql.seconds_until("MIN(run_at)")} FROM (#{firsts.join(" UNION ALL ")}) AS firsts"
          run(next_one, ready_values(integration_id)).rows.dig(0, 0)&.to_f
        end

        private

        def claim_sql(bulk)
          <<~SQL
            WITH fresh AS MATERIALIZED (#{first_sql(FRESH)})
            #{", later AS MATERIALIZED (SELECT id FROM (#{first_sql(BULK)}) AS bulk #{rest_sql})" if bulk}
            #{take_sql("SELECT id FROM fresh#{" UNION ALL SELECT id FROM later" if bulk}")}
          SQL
        end

        def claim_one_sql
          <<~SQL
            WITH fresh AS MATERIALIZED (
              SELECT delivery.id #{ready_sql} AND delivery.record_type = :type AND delivery.record_id = :id AND #{leased_sql}
              LIMIT :limit #{Sql.skip_locked}
            )
            #{take_sql("SELECT id FROM fresh")}
          SQL
        end

        # In a CTE, which keeps PostgreSQL from running it, and so the limit, more than once.
        def first_sql(lane)
          <<~SQL
            SELECT delivery.id #{ready_sql} AND #{lane_sql(lane)}
              AND delivery.run_at <= #{Sql.statement_time} AND #{leased_sql}
            ORDER BY delivery.run_at, delivery.id LIMIT :limit #{Sql.skip_locked}
          SQL
        end

        # The lane itself has the plain limit, too: without a number PostgreSQL would plan for a tenth of its rows.
        def rest_sql = "LIMIT :limit - (SELECT COUNT(*) FROM fresh)"

        def take_sql(chosen)
          <<~SQL
            UPDATE #{quoted_table_name} AS delivery SET state = 'in_flight', lease_token = :token,
              attempts = attempts + CASE error_code WHEN '#{Recoverable::LOST}' THEN 0 ELSE 1 END,
              doubt = delivery.doubt OR #{doubtful_sql}, claimed_at = #{Sql.now}, updated_at = #{Sql.now}
            WHERE id IN (#{chosen}) RETURNING *
          SQL
        end

        # Compared, and not just asked, because SQLite looks up nothing else in an index.
        def lane_sql(lane)
          return "delivery.bulk = FALSE" if lane == FRESH

          "delivery.bulk = TRUE AND " \
            "(SELECT bulk_held FROM #{Integration.quoted_table_name} WHERE id = :integration_id) = FALSE"
        end

        # Not ready is what depends on a record that is on its way, what follows an earlier row of its own record
        # that is in flight, and a reply while an earlier one of its ticket is on its way. Erasing goes the other way
        # round ({Erasable}). What waits for people blocks nobody: dead letters, and what is held.
        def ready_sql
          <<~SQL
            FROM #{quoted_table_name} AS delivery
            WHERE delivery.integration_id = :integration_id AND delivery.state = 'pending'
              AND delivery.kind IN (:kinds) AND delivery.action IN (:actions)
              AND (delivery.depends_on_id IS NULL OR delivery.action = 'erase'
                OR #{no_other("IN (:undelivered)", "delivery.depends_on")})
              AND #{no_other("= 'in_flight'", "delivery.record")}
              AND (delivery.record_type <> 'comment' OR delivery.action = 'erase' OR #{no_earlier_reply})
              AND (delivery.action <> 'erase' OR #{no_kin_sql})
          SQL
        end

        # Through the index on kin. So no two replies of a ticket are ever taken together.
        def no_earlier_reply
          <<~SQL.squish
            NOT EXISTS (SELECT 1 FROM #{quoted_table_name} AS earlier
              WHERE earlier.integration_id = :integration_id AND earlier.record_type = 'comment'
              AND earlier.state IN ('pending', 'in_flight') AND earlier.depends_on_type = 'support_ticket'
              AND earlier.depends_on_id = delivery.depends_on_id
              AND earlier.id < delivery.id LIMIT 1 OFFSET 0)
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

        def ready_values(integration_id, kinds = nil)
          { integration_id:, kinds: kinds ? Kinds.all & kinds : Kinds.all, actions: ACTIONS, undelivered: UNDELIVERED }
        end
      end
    end
  end
end
