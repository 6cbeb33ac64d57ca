# frozen_string_literal: true

module Bench
  module Plan
    # Contacts to Zoho CRM, one a call.
    class Zoho < Service
      private

      def post(contact)
        http.post("#{Service.remote}/crm/v8/Contacts") do |request|
          request.headers["Authorization"] = "Zoho-oauthtoken #{access_token}"
          request.body = { data: [payload(contact)] }
        end
      end

      def access_token
        raise "the bench's tokens do not expire" if Time.zone.parse(config["token_expires_at"]) < 5.minutes.from_now

        config["access_token"]
      end

      def payload(contact)
        { First_Name: contact.first_name, Last_Name: contact.last_name || "Unknown", Email: contact.primary_email,
          Phone: contact.primary_phone_number, Mobile: contact.other_phone_number,
          Mailing_Street: contact.street_address, Mailing_City: contact.city, Mailing_Zip: contact.postal_code,
          Description: "Imported from #{website.subdomain}" }
      end

      def details(response) = { "zoho_id" => response.body.dig("data", 0, "details", "id") }
    end
  end
end
