# frozen_string_literal: true

module PwbCrm
  class Erasure
    # What our own tables still tell of what was erased: what came in about it, what it held when it was destroyed, and
    # what remotes said of it. Sync logs name fields and hold no values.
    #
    # @api private
    module Traces
      # Events deleted at once.
      CHUNK = 1000
      private_constant :CHUNK

      class << self
        # Waits for no event: a worker has it for as long as the host's handler takes.
        #
        # @param entry [Hash] of a {Receipt}
        # @return [Boolean] whether all of it is gone; false while a worker has an event
        def remove(entry)
          integration_id, type, id = entry.values_at("integration_id", "record_type", "record_id")
          Delivery.where(integration_id:).of_record(type, id).where.not(state: Delivery::UNDELIVERED)
                  .update_all(tombstone: nil, error_message: nil)
          entry["external_id"].blank? || delete(events(entry))
        end

        private

        def events(entry)
          ids = entry.values_at("external_id", "former_id").compact_blank
          InboundEvent.where(**entry.slice("integration_id", "external_type").symbolize_keys, external_id: ids)
        end

        def delete(rows)
          nil until ApplicationRecord.delete_some(rows, CHUNK) < CHUNK
          rows.none?
        end
      end
    end
  end
end
