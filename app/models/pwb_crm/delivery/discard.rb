# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Puts dead letters aside, in chunks; what another transaction holds stays.
    #
    # @api private
    class Discard
      # The `error_code` of what people have put aside.
      CODE = "discarded"
      CHUNK = 500
      private_constant :CHUNK

      # @param ids [Array<Integer>] of deliveries; those that are no dead letters are left alone
      # @param by [String, nil] who or what does so
      def initialize(ids, by: nil)
        @ids = ids
        @by = Snapshot::Scrub.call(by.to_s).presence
      end

      # @return [Integer] how many there were
      def call
        owners = @ids.each_slice(CHUNK).flat_map { |ids| put_aside(ids).map(&:integration_id) }
        Events.emit_each(:discard, owners, by: @by)
        owners.size
      end

      private

      # Whoever asked for an erasure is told that it is not done.
      def put_aside(ids)
        Delivery.transaction do
          rows = Delivery.run(statement, ids:, **values).map { |row| Delivery.instantiate(row) }
          rows.tap { Receipt.put_aside(rows) }
        end
      end

      def values = { states: Replayable::FOR_PEOPLE, code: CODE, text: }

      def text = ["discarded", ("by #{@by}" if @by)].compact.join(" ")

      # Names the record and keeps what it said before.
      def message
        "record_type || ' ' || record_id || ': ' || :text || COALESCE('. Before: ' || error_message, '.')"
      end

      def statement
        table = Delivery.quoted_table_name
        <<~SQL
          WITH chosen AS MATERIALIZED (
            SELECT delivery.id FROM #{table} AS delivery
            WHERE delivery.id IN (:ids) AND delivery.state IN (:states) #{Sql.skip_locked}
          )
          UPDATE #{table} SET state = 'skipped', tombstone = NULL,
            #{Ending.reason(code: ":code", message:)}, settled_at = #{Sql.now}, updated_at = #{Sql.now}
          WHERE id IN (SELECT id FROM chosen)
          RETURNING id, integration_id, record_type, record_id, error_message, receipt_id
        SQL
      end
    end
  end
end
