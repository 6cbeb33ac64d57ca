# frozen_string_literal: true

module Chaos
  module Judge
    # What a remote holds of a record: each copy as a Hash of the host's columns to what stands there for them.
    class Copies
      # Kind to the modules it may be in, the field with its mark, and the host's columns with Zoho's fields.
      ZOHO = {
        "contact" => [%w[Contacts Leads], "Last_Name",
                      { "first_name" => "First_Name", "last_name" => "Last_Name", "primary_email" => "Email",
                        "primary_phone_number" => "Phone" }],
        "message" => [%w[Notes], "Note_Content", { "content" => "Note_Content" }],
        "support_ticket" => [%w[Cases], "Subject", { "subject" => "Subject", "description" => "Description" }]
      }.freeze

      # @param evidence [Evidence]
      def initialize(evidence)
        @evidence = evidence
        @found = {}
      end

      # @return [Array<Hash>] none where the remote never heard of it
      def of(station, record)
        case station.platform
        when "zoho_crm" then zoho(station, record)
        when "zendesk" then zendesk(station, record)
        else last_event(station, record)
        end
      end

      private

      attr_reader :evidence

      def zoho(station, record)
        modules, marked, fields = ZOHO.fetch(record.kind)
        rows = index(station, modules, marked, Mark::KINDS.fetch(record.kind))[record.mark.record]
        rows.map { |row| fields.transform_values { |name| row[name] } }
      end

      # Rows of modules by the mark that stands in a field.
      def index(station, modules, field, kind)
        @found[[station.name, modules]] ||= begin
          rows = modules.flat_map { |name| evidence.state.dig(station.name, name) || [] }
          list_by(rows) { |row| Mark.in(row[field], kind)&.record }
        end
      end

      def list_by(rows, &) = rows.group_by(&).tap { |found| found.default = [].freeze }

      def zendesk(station, record)
        name = "pwb:#{station.tenant}:#{record.kind}:#{record.id}"
        if record.kind == "contact"
          named(station, "users")[name].map { |row| { "name" => row["name"], "primary_phone_number" => row["phone"] } }
        else
          named(station, "tickets")[name].map { |row| ticket(record, row) }
        end
      end

      def ticket(record, row)
        text = row["comments"].reverse.find { |comment| Mark.in(comment, Mark::KINDS.fetch(record.kind)) }
        return { "content" => text } if record.kind == "message"

        { "subject" => row["subject"], "description" => text, "priority" => row["priority"] }
      end

      def named(station, list)
        @found[[station.name, list]] ||= list_by(evidence.state.dig(station.name, list) || []) do |row|
          row["external_id"]
        end
      end

      def last_event(station, record)
        last = evidence.writes_of(station, record.mark.record).last or return []
        return [] if last["change"] == "delete"

        data = last["data"]
        [{ "first_name" => data["first_name"], "last_name" => data["last_name"], "content" => data["message"],
           "primary_phone_number" => data["phone"], "primary_email" => data["email"], "subject" => data["subject"],
           "description" => data["description"], "priority" => data["priority"], "status" => data["status"] }]
      end
    end
  end
end
