# frozen_string_literal: true

require "openssl"

module Bench
  # What is sent and signed: the same bytes by all sides.
  module Samples
    SECRET = "whsec_#{["0123456789abcdef0123456789abcdef"].pack("m0")}".freeze
    TIME = "2026-01-01T12:00:00Z"

    # A message of a website's visitor, as the engine hands it over.
    WORK = {
      key: "1", action: "upsert", event_id: "msg_2f9c", occurred_at: TIME,
      website: { id: 3, slug: "example-agency", name: "Example Agency", url: "https://example-agency.example.com" },
      record: {
        kind: "message", id: "456", text: "We like this villa. May we see it on Saturday? " * 13, created_at: TIME,
        contact: { id: "7", first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" },
        property: { reference: "ABC123", title: "Villa by the sea" }
      }
    }.freeze

    # The same as the event that a receiver gets: about 1 kB of JSON.
    EVENT = {
      "data" => {
        "contact_email" => "ana@example.com", "contact_id" => "7", "contact_name" => "Ana Ruiz", "created_at" => TIME,
        "id" => "456", "message" => WORK[:record][:text].strip, "property_reference" => "ABC123",
        "property_title" => "Villa by the sea"
      },
      "event" => "message.created", "id" => "msg_2f9c", "schema_version" => 1, "timestamp" => TIME,
      "type" => "message.created", "website" => "example-agency", "website_id" => "3"
    }.freeze

    CONTACT = {
      first_name: "Ana", last_name: "Ruiz", email: "ana@example.com", phone: "+34 600 000 000",
      street: "Calle Mayor 1", city: "Madrid", postal_code: "28001", country: "Spain"
    }.freeze

    # Zoho's own names, so that no side has to translate them.
    RECORDS = Array.new(1000) do |number|
      { "First_Name" => "Ana", "Last_Name" => "Ruiz #{number}", "Email" => "ana#{number}@example.com",
        "Phone" => "+34 600 000 #{number}", "Mailing_Street" => "Calle Mayor #{number}", "Mailing_City" => "Madrid",
        "Mailing_Zip" => "28001", "Mailing_Country" => "Spain" }.freeze
    end.freeze

    KEY = SECRET.delete_prefix("whsec_").unpack1("m0").freeze
    private_constant :KEY

    class << self
      # @param body [String]
      # @return [Hash{String => String}] the headers of Standard Webhooks, as one makes them with OpenSSL
      def signed(body, id: "msg_2f9c", time: Time.now.to_i)
        mac = OpenSSL::HMAC.digest("SHA256", KEY, "#{id}.#{time}.#{body}")
        { "webhook-id" => id, "webhook-timestamp" => time.to_s, "webhook-signature" => "v1,#{[mac].pack("m0")}" }
      end
    end
  end
end
