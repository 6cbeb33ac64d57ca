# frozen_string_literal: true

module PwbCrm
  class Delivery
    # The lanes in which deliveries stand, the oldest first: what people have just saved (fresh), and what was noted in
    # bulk, which goes when nothing fresh is due. Where limits differ by kind, each kind is looked at by itself, through
    # an index of its own: so enquiries are not looked for behind all the contacts of an import.
    #
    # @api private
    module Lined
      extend ActiveSupport::Concern

      # The lanes.
      FRESH = "fresh"
      BULK = "bulk"
      # As the index on kinds has it, and no other.
      OF_KINDS = "delivery.integration_id + 0"
      private_constant :OF_KINDS

      # Class methods of {Delivery}.
      module ClassMethods
        # @param integration_id [Integer]
        # @param limit [Integer] counts no further
        # @param kinds [Array<String>] only these
        # @param bulk [Boolean] as for {Claimable::ClassMethods#claim}
        # @param front [Integer, nil] how many of each kind and lane to look at, because those that wait for others are
        #   passed over one by one; nil for all
        # @return [Integer] how many are due
        def count_due(integration_id, limit:, kinds:, bulk: true, front: nil)
          due = lanes(bulk).flat_map { |lane| lines(lane, kinds, "", "LIMIT :limit", front:) }
          counted = "SELECT COUNT(*) FROM (SELECT 1 FROM (#{union(due)}) AS due LIMIT :limit) AS counted"
          run(counted, Readiness.values(integration_id).merge(limit:, front:)).rows.dig(0, 0).to_i
        end

        # @param integration_id [Integer]
        # @param bulk [Boolean] as for {Claimable::ClassMethods#claim}
        # @return [Float, nil] seconds until the next delivery is due, negative if it is; nil if none is left
        def seconds_to_next(integration_id, bulk: true)
          firsts = lanes(bulk).map do |lane|
            "SELECT delivery.run_at #{Readiness.sql} AND #{lane_sql(lane)} ORDER BY delivery.run_at LIMIT 1"
          end
          next_one = "SELECT #{Sql.seconds_until("MIN(run_at)")} FROM (#{union(firsts)}) AS firsts"
          run(next_one, Readiness.values(integration_id)).rows.dig(0, 0)&.to_f
        end

        private

        def lanes(bulk) = [FRESH, *(BULK if bulk)]

        def union(selects)
          selects.map.with_index { |select, index| "SELECT * FROM (#{select}) AS part#{index}" }.join(" UNION ALL ")
        end

        # What is due of a lane, in order: one select for all kinds, or one for each of those that are wanted.
        def lines(lane, kinds, further, ending, front: nil)
          ready = ->(rows) { kinds ? Readiness.sql(rows, integration: OF_KINDS) : Readiness.sql(rows) }
          places(lane, kinds).map do |place|
            due = "#{place} AND delivery.run_at <= #{Sql.statement_time}"
            rows = front ? "(#{front_sql(due)})" : quoted_table_name
            "SELECT delivery.id, delivery.run_at #{ready.call(rows)} AND #{due} #{further} " \
              "ORDER BY delivery.run_at, delivery.id #{ending}"
          end
        end

        def front_sql(due)
          "SELECT * FROM #{quoted_table_name} AS delivery WHERE #{OF_KINDS} = :integration_id " \
            "AND delivery.state = 'pending' AND #{due} ORDER BY delivery.run_at, delivery.id LIMIT :front"
        end

        def places(lane, kinds)
          return [lane_sql(lane)] unless kinds

          known = (Kinds.all & kinds).presence || [""]
          known.map { |kind| "delivery.kind = '#{kind}' AND length(delivery.kind) > 0 AND #{lane_sql(lane)}" }
        end

        # Compared, and not just asked, because SQLite looks up nothing else in an index.
        def lane_sql(lane) = "delivery.bulk = #{lane == BULK ? "TRUE" : "FALSE"}#{held_sql(lane)}"

        def held_sql(lane)
          return if lane == FRESH

          " AND (SELECT bulk_held FROM #{Integration.quoted_table_name} WHERE id = :integration_id) = FALSE"
        end
      end
    end
  end
end
