# frozen_string_literal: true

require "openssl"

module PwbCrm
  module Providers
    class Zendesk
      # Zendesk signs each webhook with a secret of its own: `config` hook_secret and, while it is being replaced,
      # previous_hook_secret. The secret that Zendesk tests an address with before there is a webhook verifies nothing,
      # because everybody knows it.
      #
      # @api private
      module Inbound
        # Seconds by which a signature may be old: repeats may have their first time.
        TOLERANCE = 3600
        # What Zendesk signs with before there is a webhook, for everybody.
        TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
        SIGNATURE = "x-zendesk-webhook-signature"
        TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
        INVOCATION = "x-zendesk-webhook-invocation-id"
        # The type of what a trigger sends.
        TRIGGER = "ticket.trigger"
        # What precedes the type of an event.
        PREFIX = "zen:event-type:"
        # What Zendesk has of our records, and of which kinds: a ticket that has a contact's mark is none of ours.
        KINDS = { "user" => %w[contact].freeze, "ticket" => %w[message support_ticket].freeze }.freeze
        # What `detail` and our requests have by the same names, and of that the words that are in capitals there.
        HELD = { "user" => %w[name email phone].freeze, "ticket" => %w[subject status priority].freeze }.freeze
        WORDS = %w[status priority].freeze
        # Events that add something, rather than tell how the record is now.
        APPENDING = %w[ticket.comment_added ticket.attachment_linked_to_comment].freeze
        # Of what a custom field holds `detail` tells nothing.
        CUSTOM = ".custom_field_changed"

        def check_inbound
          return unless hook_secrets.include?(TEST_SECRET)

          raise ConfigurationError, "hook_secret is the one that Zendesk tests with, which everybody knows: make the " \
                                    "webhook there first, then give the secret that it reveals."
        end

        def verify_inbound(raw, headers)
          signature, timestamp = headers.values_at(SIGNATURE, TIMESTAMP)
          return false unless signature && timestamp && recent?(moment(timestamp))

          secrets = hook_secrets.without(TEST_SECRET)
          secrets.map { |secret| OpenSSL.secure_compare(signature.b, sign(secret, timestamp, raw)) }.any?
        end

        def read_inbound(raw, headers)
          body = PwbCrm::Inbound::Body.parse(raw)
          type, id = named(body)
          occurred_at = moment(body["time"]) || moment(headers[TIMESTAMP])
          [PwbCrm::Inbound::Entry.new(event_type: type_of(body), external_type: type, external_id: id, payload: body,
                                      occurred_at:, **names(body, raw, headers))]
        end

        def interpret(event)
          return unless KINDS.key?(event.external_type)

          body = event.payload
          fields = body["detail"].is_a?(Hash) ? body["detail"] : body
          PwbCrm::Inbound::Change.of(event, fields:, told: body["event"], mark: mark(event, fields),
                                            sequence: position(body), appends: APPENDING.include?(event.event_type),
                                            partial: event.event_type == TRIGGER, beside: custom_field(event))
        end

        # @return [Hash{String => Object}]
        def held(change)
          fields = change.fields.slice(*HELD.fetch(change.external_type, []))
          fields.to_h { |name, value| [name, WORDS.include?(name) && value ? value.to_s.downcase : value] }
        end

        private

        def hook_secrets = config.values_at("hook_secret", "previous_hook_secret").grep(String).compact_blank

        # The secret as it is, not decoded.
        def sign(secret, timestamp, raw) = [OpenSSL::HMAC.digest("SHA256", secret, timestamp.b + raw.b)].pack("m0")

        def recent?(time) = time && (Time.now - time).abs <= TOLERANCE

        def moment(text)
          Time.iso8601(text.to_s.b)
        rescue ArgumentError
          nil
        end

        # A trigger sends what people have written into it; whatever is called "id" there may come again.
        def event?(body) = body["type"].is_a?(String) && body["type"].start_with?(PREFIX)

        def type_of(body) = event?(body) ? body["type"].delete_prefix(PREFIX) : TRIGGER

        # An event says what it is about as "zen:ticket:42".
        def named(body)
          return ["ticket", body["ticket_id"]] unless event?(body)

          _, type, id = body["subject"].split(":", 3) if body["subject"].is_a?(String)
          [type, id]
        end

        # Zendesk repeats a trigger's under the same invocation, perhaps signed anew; but it does not sign that name.
        def names(body, raw, headers)
          return { event_id: body["id"] } if event?(body) && body["id"]

          digest = Digest::SHA256.hexdigest("#{headers[TIMESTAMP]}.#{raw.b}")
          { event_id: headers[INVOCATION] || digest, digest: }
        end

        def mark(event, fields)
          mark = fields["external_id"]
          mark if KINDS[event.external_type].include?(mark.to_s.split(":")[2])
        end

        def custom_field(event)
          event.payload.dig("event", "field", "id")&.to_s if event.event_type.end_with?(CUSTOM)
        rescue TypeError
          nil
        end

        # Padded, because it is compared as text.
        def position(body)
          number = body.dig("event", "meta", "sequence", "position")
          format("%020d", number) if number.is_a?(Integer) && number.between?(0, 10**20)
        rescue TypeError
          nil
        end
      end
    end
  end
end
