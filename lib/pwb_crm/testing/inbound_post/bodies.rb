# frozen_string_literal: true

require "openssl"

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
        # Which event Zendesk makes of a changed field of a ticket.
        ZENDESK = { "comment" => "comment_added", "status" => "status_changed", "priority" => "priority_changed",
                    "tags" => "tags_changed", "assignee_id" => "agent_assignment_changed" }.freeze
        # What Zendesk writes in capitals here, and nowhere else.
        CAPITALS = %w[status priority type].freeze
        private_constant :ZENDESK, :CAPITALS

        module_function

        # @return [Array(String, Hash{String => String})] body and headers
        def zendesk(fields, id:, at:, event_id:, secret:, type: nil, event: nil)
          type ||= "ticket"
          event ||= "#{type}.#{ZENDESK.values_at(*fields.keys).compact.first || "custom_field_changed"}"
          detail, change = parts(fields)
          body = { account_id: 1, id: event_id, type: "zen:event-type:#{event}", time: at.utc.iso8601(6),
                   subject: "zen:#{type}:#{id}", zendesk_event_version: "2022-11-06",
                   detail: { id:, **detail }, event: change }.to_json
          time = at.utc.iso8601
          signature = [OpenSSL::HMAC.digest("SHA256", secret, time + body)].pack("m0")
          [body, { "x-zendesk-webhook-signature" => signature, "x-zendesk-webhook-signature-timestamp" => time }]
        end

        # (see .zendesk)
        def zoho_crm(fields, id:, at:, event_id:, secret:, type: nil, event: nil) # rubocop:disable Lint/UnusedMethodArgument -- Zoho's have none
          type ||= "Contacts"
          body = { server_time: (at.to_f * 1000).to_i, module: type, ids: [id], operation: event || "update",
                   resource_uri: "https://www.zohoapis.com/crm/v2/#{type}", query_params: {}, channel_id: "1068",
                   affected_fields: [{ id => fields.keys }], affected_values: [{ record_id: id, values: fields }],
                   token: secret }
          [body.to_json, {}]
        end

        # (see .zendesk)
        def custom(fields, id:, at:, event_id:, secret:, type: nil, event: nil)
          name = { "support_ticket" => "ticket" }.fetch(type, type || "contact")
          body = { id: event_id, type: event || "#{name}.updated", timestamp: at.utc.iso8601(3),
                   data: { id:, **fields } }.to_json
          [body, WebhookSigner.new(secret).sign(body, id: event_id, timestamp: at)]
        end

        # @return [Array(Hash, Hash)] how the ticket is now, and what happened
        def parts(fields)
          words = fields.to_h { |name, value| [name, CAPITALS.include?(name) ? value.to_s.upcase : value] }
          comment = words.delete("comment")
          change = comment ? { comment: { body: comment, is_public: true } } : { current: words.values.first }
          [words, change]
        end
      end
    end
  end
end
