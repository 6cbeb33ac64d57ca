# frozen_string_literal: true

module Bench
  module Plan
    # One record to one integration.
    class SyncJob < ::ApplicationJob
      SERVICES = { "zoho_crm" => Zoho, "zendesk" => Zendesk, "custom" => Webhook }.freeze

      # @param integration_id [Integer]
      # @param action [String]
      # @param record_type [String]
      # @param record_id [Integer]
      # @return [void]
      def perform(integration_id, action, record_type, record_id)
        integration = Integration.find(integration_id)
        record = Pwb::Contact.find_by(id: record_id)
        return unless integration.active? && record

        SERVICES.fetch(integration.platform).new(integration).sync(record, record_type, action)
      end
    end
  end
end
