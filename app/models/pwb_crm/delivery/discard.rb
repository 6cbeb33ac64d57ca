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
          changed(ids).map { |row| Delivery.instantiate(row) }.tap { |rows| Receipt.put_aside(rows) }
        end
      end

      def changed(ids)
        said = Ending.reason(code: ":code", message:)
        changes = "state = 'skipped', tombstone = NULL, settled_at = #{Sql.now}, #{said}"
        answer = "id, integration_id, record_type, record_id, error_message, receipt_id"
        Delivery.change_unheld("delivery.id IN (:ids) AND delivery.state IN (:states)", changes,
                               answer:, ids:, states: Replayable::FOR_PEOPLE, code: CODE, text:)
      end

      def text = ["discarded", ("by #{@by}" if @by)].compact.join(" ")

      # Names the record and keeps what it said before.
      def message
        "record_type || ' ' || record_id || ': ' || :text || COALESCE('. Before: ' || error_message, '.')"
      end
    end
  end
end
