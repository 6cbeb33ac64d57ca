# frozen_string_literal: true

require "json"
require "openssl"

module PwbCrm
  module Providers
    class ZohoCrm
      # Zoho CRM signs nothing. It sends back the token that it was given when the notification was asked for: `config`
      # hook_token and, while it is being replaced, previous_hook_token.
      #
      # @api private
      module Inbound
        # What a token may have; Zoho takes 50.
        LENGTH = (16..50)

        def check_inbound
          return if hook_tokens.all? { |token| token.is_a?(String) && LENGTH.cover?(token.length) }

          raise ConfigurationError, "hook_token must have #{LENGTH.min} to #{LENGTH.max} characters."
        end

        def verify_inbound(raw, _headers)
          token = PwbCrm::Inbound::Body.read(raw)["token"]
          return false unless token.is_a?(String)

          hook_tokens.grep(String).map { |known| OpenSSL.secure_compare(token.b, known.b) }.any?
        rescue ValidationError
          false
        end

        # One event for each record, whose ids are all that Zoho always tells. The token is left out.
        def read_inbound(raw, _headers)
          body = PwbCrm::Inbound::Body.parse(raw)
          event_type = type_of(body)
          occurred_at = time_of(body)
          payloads(body, ids_of(body)).map do |id, payload|
            PwbCrm::Inbound::Entry.new(event_id: digest(body, id, payload), event_type:, external_type: body["module"],
                                       external_id: id, occurred_at:, payload:)
          end
        end

        def interpret(event)
          payload = event.payload
          PwbCrm::Inbound::Change.of(event, fields: payload["values"] || {}, told: payload.except("values"),
                                            partial: true)
        end

        # @return [Hash{String => Object}]
        def held(change) = change.fields

        private

        def hook_tokens = config.values_at("hook_token", "previous_hook_token").compact_blank

        def type_of(body)
          words = body.values_at("module", "operation")
          raise ValidationError, "The notification has no module or operation." unless words.all?(String)

          words.join(".")
        end

        def time_of(body)
          time = body["server_time"]
          raise ValidationError, "The notification has no server_time." unless time.is_a?(Integer)

          Time.at(time / 1000r)
        end

        def ids_of(body)
          ids = body["ids"]
          raise ValidationError, "The notification has no ids." unless ids.is_a?(Array) && ids.any?

          ids.map(&:to_s).uniq
        end

        # Of one millisecond there may be several.
        def digest(body, id, payload)
          named = body.values_at("channel_id", "module", "operation", "server_time")
          Digest::SHA256.hexdigest(JSON.generate([*named, id, *payload.values_at("fields", "values")]))
        end

        # What the notification says of each record: in one pass, as there may be many, and of more than anybody takes
        # nothing is made.
        def payloads(body, ids)
          named = rows(body, "affected_fields").reverse.each_with_object({}) { |row, all| all.merge!(row) }
          values = values_in(body)
          ids.lazy.map do |id|
            [id, { "operation" => body["operation"], "fields" => named[id], "values" => values[id] }]
          end
        end

        def values_in(body)
          found = rows(body, "affected_values").reverse.to_h { |row| [row["record_id"].to_s, row["values"]] }
          found.select { |_id, values| values.is_a?(Hash) }
        end

        def rows(body, name) = body[name].is_a?(Array) ? body[name].grep(Hash) : []
      end
    end
  end
end
