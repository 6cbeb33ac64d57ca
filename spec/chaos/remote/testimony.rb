# frozen_string_literal: true

require "digest"

module Chaos
  module Remote
    # What one accepted request changed: a line for each record.
    class Testimony
      # Key of the Rack environment under which {Weather} says what becomes of the reply.
      FAULT = "chaos.fault"
      # By the word in the path, which kinds of {Mark} are the record's own.
      KINDS = { "Contacts" => "c", "Leads" => "c", "Notes" => "er", "Cases" => "t", "users" => "c",
                "tickets" => "etr" }.freeze
      # What an event tells of other records than its own. A contact that is destroyed is taken out of its enquiries
      # without a save of theirs.
      BORROWED = %w[contact_id contact_name contact_email property_reference property_title creator_email
                    author_name author_email].freeze
      EVENTS = { "contact" => "c", "message" => "e", "ticket" => "t", "comment" => "r" }.freeze

      def initialize(station, request, reply)
        @station = station
        @request = request
        @reply = reply
      end

      # @return [Array<Hash>]
      def lines
        return [] if @request.get? || !@reply.first.between?(200, 299) || @request.path.include?("oauth") || repeat?

        case @station.platform
        when "zoho_crm" then zoho
        when "zendesk" then [zendesk]
        else [event]
        end
      end

      private

      # Zendesk answers a known idempotency key as it did the first time, and does nothing.
      def repeat? = @reply[1]["x-idempotency-lookup"] == "hit"

      def zoho
        mod, id = @request.path.delete_prefix("/crm/v8/").split("/")
        @request.delete? ? [line(mod, "delete", id || @request.query["ids"], "")] : saved(mod)
      end

      def saved(mod)
        items = @request.json_object["data"].zip(JSON.parse(@reply[2].join)["data"])
        items.select { |_, result| result["status"] == "success" }
             .map { |sent, result| line(mod, change(result), result.dig("details", "id"), sent) }
      end

      def change(result) = result["message"].to_s.include?("add") ? "create" : "update"

      def zendesk
        type, id = @request.path.delete_prefix("/api/v2/").split("/")
        return line(type, "delete", id, "") if @request.delete?

        told = JSON.parse(@reply[2].join)
        line(type, @reply.first == 201 ? "create" : "update", (told["user"] || told["ticket"])["id"],
             @request.json_object)
      end

      def event
        payload = @request.json_object
        kind, change = payload["type"].split(".")
        line(kind, change.delete_suffix("d"), payload["id"], payload["data"], kinds: EVENTS.fetch(kind))
          .merge(id: @request.header("webhook-id"), **told(payload["data"]))
      end

      def told(data)
        { record_id: data["id"], digest:, data:, same: short(JSON.generate(data)),
          own: short(JSON.generate(data.except(*BORROWED))) }
      end

      # Of the whole body.
      def digest = short(@request.body_text)

      def short(text) = Digest::SHA256.hexdigest(text).first(12)

      def line(type, change, id, sent, kinds: KINDS.fetch(type))
        text = sent.is_a?(String) ? sent : JSON.generate(sent)
        own = Mark.in(text, kinds)
        { remote: @station.name, at: Time.now.to_f.round(3), type:, change:, id: id.to_s, record: own&.record,
          version: own&.version, marks: Mark.all(text).map(&:to_s).uniq, fault: @request.env[FAULT] }
      end
    end
  end
end
