# frozen_string_literal: true

require "openssl"

require_relative "zendesk_event"

module PwbCrm
  module Testing
    class InboundPost
      # What each remote tells, in its own form, and how it proves itself.
      #
      # Sources: Zendesk "Event types for webhooks" and "Verifying webhook authenticity"; Zoho CRM notifications;
      # Standard Webhooks 1.0.0.
      #
      # @api private
      module Bodies
        # What Zoho calls what has happened.
        OPERATIONS = %w[insert update delete].freeze
        # What a webhook may tell of, as in "contact.updated".
        SUBJECT = /\A(contact|message|ticket)(\.\w+)+\z/
        private_constant :OPERATIONS, :SUBJECT

        module_function

        # @return [Array(String, Hash{String => String})] body and headers
        def zendesk(fields, id:, at:, event_id:, secret:, type: nil, event: nil)
          type ||= "ticket"
          told = ZendeskEvent.new(type, fields, event)
          body = { account_id: 1, id: event_id, type: "zen:event-type:#{told.name}", time: at.utc.iso8601(6),
                   subject: "zen:#{type}:#{id}", zendesk_event_version: "2022-11-06",
                   detail: { id:, **told.detail }, event: told.event }.to_json
          time = at.utc.iso8601
          signature = [OpenSSL::HMAC.digest("SHA256", secret, time + body)].pack("m0")
          [body, { "x-zendesk-webhook-signature" => signature, "x-zendesk-webhook-signature-timestamp" => time }]
        end

        # (see .zendesk)
        def zoho_crm(fields, id:, at:, event_id:, secret:, type: nil, event: nil) # rubocop:disable Lint/UnusedMethodArgument -- Zoho's have none
          type ||= "Contacts"
          body = { server_time: (at.to_f * 1000).to_i, module: type, ids: [id], operation: operation(event || "update"),
                   resource_uri: "https://www.zohoapis.com/crm/v2/#{type}", query_params: {}, channel_id: "1068",
                   affected_fields: [], token: secret }
          if fields.any?
            body.update(affected_fields: [{ id => fields.keys }], affected_values: [{ record_id: id, values: fields }])
          end
          [body.to_json, {}]
        end

        # (see .zendesk)
        def custom(fields, id:, at:, event_id:, secret:, type: nil, event: nil)
          name = { "support_ticket" => "ticket" }.fetch(type, type || "contact")
          body = { id: event_id, type: subject(event || "#{name}.updated"), timestamp: at.utc.iso8601(3),
                   data: { id:, **fields } }.to_json
          [body, WebhookSigner.new(secret).sign(body, id: event_id, timestamp: at)]
        end

        def subject(type)
          return type if type.to_s.match?(SUBJECT)

          raise UsageError, "A webhook's type begins with contact, message or ticket, as in \"contact.updated\", and " \
                            "is not #{type.inspect}."
        end

        def operation(name)
          return name if OPERATIONS.include?(name)

          raise UsageError, "Zoho has no operation #{name.inspect}: its notifications tell #{OPERATIONS.join(", ")}."
        end
      end
    end
  end
end
