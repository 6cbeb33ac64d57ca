# frozen_string_literal: true

module PwbCrm
  module Providers
    class Custom
      # What comes in is signed after Standard Webhooks, with a secret of its own: `config` inbound_secret and, while it
      # is being replaced, previous_inbound_secret. It is told in the words in which we tell it: the type is
      # "contact.updated", `data.id` the id of our record.
      #
      # @api private
      module Inbound
        # The first word of a type to the kind of record.
        KINDS = { "contact" => "contact", "message" => "message", "ticket" => "support_ticket" }.freeze

        def check_inbound = inbound_secrets.any? && WebhookSigner.new(inbound_secrets)

        def verify_inbound(raw, headers)
          return false if inbound_secrets.empty?

          WebhookSigner.new(inbound_secrets).verify!(raw, headers)
        rescue SignatureError, ConfigurationError
          false
        end

        def read_inbound(raw, headers)
          body = PwbCrm::Inbound::Body.parse(raw)
          [PwbCrm::Inbound::Entry.new(
            event_id: headers["webhook-id"], event_type: body["type"], payload: body,
            occurred_at: moment(body["timestamp"]) || Time.at(headers["webhook-timestamp"].to_i)
          )]
        end

        def interpret(event)
          data = event.payload["data"]
          kind = KINDS[event.event_type[/\A\w+/]]
          return unless kind && data.is_a?(Hash) && data["id"].present?

          PwbCrm::Inbound::Change.of(event, external_type: "event", fields: data, told: event.payload.except("data"),
                                            mark: "pwb:#{integration.website_id}:#{kind}:#{data["id"]}")
        end

        # @return [Hash{String => Object}]
        def held(change) = { "data" => change.fields }

        private

        def inbound_secrets = config.values_at("inbound_secret", "previous_inbound_secret").compact_blank

        def moment(text)
          Time.iso8601(text.to_s)
        rescue ArgumentError
          nil
        end
      end
    end
  end
end
