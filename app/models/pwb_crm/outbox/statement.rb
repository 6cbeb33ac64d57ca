# frozen_string_literal: true

module PwbCrm
  class Outbox
    # What the statements that write deliveries have in common.
    # @api private
    module Statement
      INTO = <<~SQL
        INSERT INTO %<deliveries>s AS delivery (integration_id, record_type, record_id, kind, action, event_id,
          occurred_at, record_updated_at, depends_on_type, depends_on_id, tombstone, state, doubt, attempts, run_at,
          created_at, updated_at, bulk, run_id, receipt_id)
      SQL

      # There is one pending row for each integration and record. Joining it neither puts it off nor
      # forgives its attempts. What is made anew under its old id, as an "undo" does, is there after all; what
      # brings back a hidden record without making it leaves the delete, which says nothing about the record as
      # it is, so that {Reconcile} finds it. What was noted in bulk is fresh once it is saved. What something else
      # asks for in bulk, too, leaves its resync, which would take it back. Once it is to be erased, it is.
      RENEW = <<~SQL
        ON CONFLICT (integration_id, record_type, record_id) WHERE state = 'pending' DO UPDATE SET
          action = CASE WHEN 'erase' IN (delivery.action, excluded.action) THEN 'erase'
                        WHEN excluded.action = 'create' THEN 'create'
                        WHEN 'delete' IN (delivery.action, excluded.action) THEN 'delete'
                        WHEN delivery.action = 'create' THEN 'create' ELSE 'update' END,
          tombstone = CASE WHEN 'erase' NOT IN (delivery.action, excluded.action) AND excluded.action <> 'create'
                           THEN COALESCE(excluded.tombstone, delivery.tombstone) END,
          depends_on_type = CASE WHEN 'erase' IN (delivery.action, excluded.action)
            THEN COALESCE(delivery.depends_on_type, excluded.depends_on_type) ELSE excluded.depends_on_type END,
          depends_on_id = CASE WHEN 'erase' IN (delivery.action, excluded.action)
            THEN COALESCE(delivery.depends_on_id, excluded.depends_on_id) ELSE excluded.depends_on_id END,
          event_id = excluded.event_id, occurred_at = excluded.occurred_at,
          record_updated_at = CASE WHEN delivery.action <> 'delete' OR excluded.action = 'create'
                                   THEN excluded.record_updated_at END, updated_at = excluded.updated_at,
          bulk = delivery.bulk AND excluded.bulk,
          run_id = CASE WHEN excluded.run_id IS NOT NULL OR NOT (delivery.bulk AND excluded.bulk)
                        THEN COALESCE(delivery.run_id, excluded.run_id) END,
          receipt_id = COALESCE(excluded.receipt_id, delivery.receipt_id)
        RETURNING integration_id
      SQL

      # For what is asked for rather than saved: it counts what is sent then, which a record to be erased is not.
      RENEW_SENT = RENEW.sub("RETURNING", "WHERE delivery.action <> 'erase'\nRETURNING").freeze

      LEAVE = <<~SQL
        ON CONFLICT (integration_id, record_type, record_id) WHERE state = 'pending' DO NOTHING
        RETURNING integration_id
      SQL

      # Fills in what the databases and the host's prefix decide.
      #
      # @param sql [String]
      # @param kind [String]
      # @return [String]
      def self.fill(sql, kind:, **parts)
        format(sql, deliveries: Delivery.quoted_table_name, integrations: Integration.quoted_table_name,
                    switch: Kinds::SWITCHES.fetch(kind), now: Sql.now, due: Sql.now(Wake.settle_time), **parts)
      end

      # @return [String] an id for an event, to which the integration's is added
      def self.event_id = "msg_#{SecureRandom.hex(12)}_"
    end
  end
end
