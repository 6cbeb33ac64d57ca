# frozen_string_literal: true

module PwbCrm
  class Erasure
    # What our own tables still tell of what was erased: what came in about it, what it held when it was destroyed, and
    # what remotes said of it. Sync logs name fields and hold no values.
    #
    # @api private
    module Traces
      # @param entry [Hash] of a {Receipt}
      # @return [void]
      def self.remove(entry)
        integration_id, type, id = entry.values_at("integration_id", "record_type", "record_id")
        Delivery.where(integration_id:).of_record(type, id).where.not(state: Delivery::UNDELIVERED)
                .update_all(tombstone: nil, error_message: nil)
        return if entry["external_id"].blank?

        InboundEvent.where(integration_id:, **entry.slice("external_type", "external_id").symbolize_keys).delete_all
      end
    end
  end
end
