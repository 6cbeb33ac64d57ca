# frozen_string_literal: true

module Chaos
  module Judge
    # Every committed record is where it belongs, in its last state.
    class Arrival < Promise
      # Where the remote's text holds more than ours: facts, references.
      WITHIN = %w[content description].freeze

      # @return [Array<Finding>]
      def findings
        copies = Copies.new(evidence)
        evidence.records.flat_map do |record|
          evidence.stations_of(record).filter_map { |station| fault(station, record, copies.of(station, record)) }
        end
      end

      private

      def fault(station, record, copies)
        if copies.empty?
          return if nobody?(station, record) || taken_along?(station, record)

          return unless_late(station, record, "#{record.label} is not at #{station.name}")
        end
        wrong = copies.filter_map { |copy| difference(record, copy) }
        return if wrong.size < copies.size

        unless_late(station, record, "#{record.label} is not in its last state at #{station.name}: #{wrong.first}")
      end

      # Whose saver was killed before it said who wrote it: there is nobody to put it under.
      def nobody?(station, record)
        station.platform != "custom" && record.kind == "message" &&
          record.fields.values_at("sender_email", "contact_id").none?(&:present?)
      end

      # At Zoho a deleted person takes the notes along.
      def taken_along?(station, record)
        return false unless station.platform == "zoho_crm" && station.deletes && record.kind == "message"

        destroyed.include?(record.fields["sender_name"].to_s[Mark::RECORD])
      end

      def destroyed
        @destroyed ||= evidence.saves.select { |row| row["action"] == "destroy" }.to_set { |row| row["record"] }
      end

      def difference(record, copy)
        wanted = record.fields.merge("name" => record.fields.values_at("first_name", "last_name").join(" "))
        field = copy.keys.find { |name| wanted.key?(name) && !same?(name, wanted[name], copy[name]) }
        "#{field} is #{copy[field].inspect} and not #{wanted[field].inspect}" if field
      end

      def same?(name, ours, theirs)
        return theirs.to_s.include?(ours.to_s) if WITHIN.include?(name)

        ours.presence == theirs.presence
      end
    end
  end
end
