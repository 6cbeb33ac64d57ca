# frozen_string_literal: true

module PwbCrm
  class Configuration
    # The OAuth apps, one for the whole host; the tenants' own tokens live with their integrations.
    module Credentials
      extend Setting

      # @!attribute [rw] zoho_client_id
      #   @return [String, nil] default ENV PWB_CRM_ZOHO_CLIENT_ID, else ZOHO_CLIENT_ID (which in
      #     PropertyWebBuilder is the platform's own app: set the former to keep them apart)
      setting(:zoho_client_id, :optional_text) { Environment.read("ZOHO", "CLIENT_ID") }

      # @!attribute [rw] zoho_client_secret
      #   @return [String, nil] default ENV PWB_CRM_ZOHO_CLIENT_SECRET, else ZOHO_CLIENT_SECRET
      setting(:zoho_client_secret, :optional_text) { Environment.read("ZOHO", "CLIENT_SECRET") }

      # @!attribute [rw] zendesk_client_id
      #   @return [String, nil] default ENV PWB_CRM_ZENDESK_CLIENT_ID, else ZENDESK_CLIENT_ID
      setting(:zendesk_client_id, :optional_text) { Environment.read("ZENDESK", "CLIENT_ID") }

      # @!attribute [rw] zendesk_client_secret
      #   @return [String, nil] default ENV PWB_CRM_ZENDESK_CLIENT_SECRET, else ZENDESK_CLIENT_SECRET
      setting(:zendesk_client_secret, :optional_text) { Environment.read("ZENDESK", "CLIENT_SECRET") }

      # Reads id and secret of one and the same app.
      # @api private
      module Environment
        OWN = "PWB_CRM_"

        def self.read(system, name)
          own = %w[CLIENT_ID CLIENT_SECRET].any? { |part| filled("#{OWN}#{system}_#{part}") }
          filled("#{OWN if own}#{system}_#{name}")
        end

        def self.filled(variable)
          value = ENV.fetch(variable, "").strip
          value unless value.empty?
        end
        private_class_method :filled
      end
      private_constant :Environment
    end
  end
end
