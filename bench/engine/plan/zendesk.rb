# frozen_string_literal: true

module Bench
  module Plan
    # Contacts to Zendesk as users.
    class Zendesk < Service
      private

      def post(contact)
        http.post("#{Service.remote}/api/v2/users/create_or_update") do |request|
          request.headers["Authorization"] = "Bearer #{config["access_token"]}"
          request.body = { user: payload(contact) }
        end
      end

      def payload(contact)
        { name: contact.display_name, email: contact.primary_email, phone: contact.primary_phone_number,
          external_id: contact.id.to_s, user_fields: { website: website.subdomain } }
      end

      def details(response) = { "zendesk_id" => response.body.dig("user", "id") }
    end
  end
end
