# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Which pending deliveries may go, whenever they are due.
    #
    # Not ready is what depends on a record that is on its way, what follows an earlier row of its own record that is in
    # flight, and a reply while an earlier one of its ticket is on its way. Erasing goes the other way round
    # ({Erasable}). What waits for people blocks nobody: dead letters, and what is held.
    #
    # What is asked of each candidate ends with OFFSET 0, which keeps PostgreSQL from making a join of it: that would
    # read all pending rows where a hundred are wanted, and without statistics each of them for each. So it goes through
    # an index in order, looks up a row or two for every candidate, and stops.
    #
    # @api private
    module Readiness
      class << self
        # @param rows [String] the table, or a select of some of its rows
        # @param integration [String] by what to look for the integration's
        # @return [String] FROM and WHERE of a select of them, as `delivery`
        def sql(rows = table, integration: "delivery.integration_id")
          <<~SQL
            FROM #{rows} AS delivery
            WHERE #{integration} = :integration_id AND delivery.state = 'pending'
              AND delivery.kind IN (:kinds) AND delivery.action IN (:actions)
              AND (delivery.depends_on_id IS NULL OR delivery.action = 'erase'
                OR #{no_other("IN (:undelivered)", "delivery.depends_on")})
              AND #{no_other("= 'in_flight'", "delivery.record")}
              AND (delivery.record_type <> 'comment' OR delivery.action = 'erase' OR #{no_earlier_reply})
              AND (delivery.action <> 'erase' OR #{no_kin})
          SQL
        end

        # @param integration_id [Integer]
        # @return [Hash{Symbol => Object}] for its placeholders
        def values(integration_id)
          { integration_id:, kinds: Kinds.all, actions: ACTIONS, undelivered: UNDELIVERED }
        end

        private

        def table = Delivery.quoted_table_name

        # Through the index on kin. So no two replies of a ticket are ever taken together.
        def no_earlier_reply
          <<~SQL
            NOT EXISTS (SELECT 1 FROM #{table} AS earlier
              WHERE earlier.integration_id = :integration_id AND earlier.record_type = 'comment'
              AND earlier.state IN ('pending', 'in_flight') AND earlier.depends_on_type = 'support_ticket'
              AND earlier.depends_on_id = delivery.depends_on_id
              AND earlier.id < delivery.id LIMIT 1 OFFSET 0)
          SQL
        end

        def no_other(state, record)
          <<~SQL
            NOT EXISTS (SELECT 1 FROM #{table} AS other
              WHERE other.integration_id = :integration_id AND other.state #{state}
              AND other.record_type = #{record}_type AND other.record_id = #{record}_id LIMIT 1 OFFSET 0)
          SQL
        end

        # Through the index on kin.
        def no_kin
          <<~SQL
            NOT EXISTS (SELECT 1 FROM #{table} AS kin
              WHERE kin.integration_id = :integration_id AND kin.depends_on_type = delivery.record_type
              AND kin.depends_on_id = delivery.record_id AND kin.state IN ('pending', 'in_flight')
              AND (kin.state = 'in_flight' OR kin.action = 'erase') LIMIT 1 OFFSET 0)
          SQL
        end
      end
    end
  end
end
