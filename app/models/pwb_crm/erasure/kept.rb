# frozen_string_literal: true

module PwbCrm
  class Erasure
    # What the log tells of a record once its integration is disconnected, of which nothing else may be kept.
    #
    # @api private
    module Kept
      # Entries of the log that are looked through for the remote id.
      MOST = 20
      private_constant :MOST

      class << self
        # @param integration [Integration]
        # @param record [Array(String, String)] kind and id
        # @return [Link, nil] where it was, as far as that is told, without a row; nil where it never was or was deleted
        def place(integration, record)
          told = integration.disconnected_at ? told_of(integration.id, record) : []
          return if told.empty? || told.first["action"] == "deleted"

          known = told.find { |one| one["id"] } || {}
          Link.new(external_type: known["external_type"], external_id: known["id"].to_s)
        end

        private

        def told_of(integration_id, (record_type, record_id))
          SyncLog.where(integration_id:, record_type:, record_id:).newest_first.first(MOST)
                 .map { |one| one.response_payload.to_h }
        end
      end
    end
  end
end
