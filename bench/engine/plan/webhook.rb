# frozen_string_literal: true

module Bench
  module Plan
    # Contacts to a webhook, signed.
    class Webhook < Service
      private

      def post(contact)
        body = payload(contact)
        http.post(integration.webhook_url) do |request|
          request.headers["X-PWB-Event"] = "contact.created"
          request.headers["X-PWB-Signature"] = signature(body)
          request.body = body
        end
      end

      def signature(body) = OpenSSL::HMAC.hexdigest("SHA256", config["webhook_secret"], body.to_json)

      def payload(contact)
        { event: "contact.created", website: website.subdomain, timestamp: contact.updated_at.iso8601,
          data: { id: contact.id, first_name: contact.first_name, last_name: contact.last_name,
                  email: contact.primary_email, phone: contact.primary_phone_number,
                  created_at: contact.created_at } }
      end

      # The plan keeps no id of a webhook.
      def note_success(*) = integration.update(last_error: nil, last_synced_at: Time.current)
    end
  end
end
