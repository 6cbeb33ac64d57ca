# frozen_string_literal: true

module Chaos
  module Judge
    # No record twice where the API can be made idempotent; elsewhere at most as often as a call of it was in doubt.
    class Doubles < Promise
      # @return [Array<Finding>]
      def findings
        copies = Copies.new(evidence)
        evidence.records.flat_map do |record|
          evidence.stations_of(record).filter_map do |station|
            fault(station, record, copies.of(station, record).size - 1)
          end
        end
      end

      private

      def fault(station, record, doubles)
        return unless doubles.positive?

        text = "#{record.label} is #{doubles + 1} times at #{station.name}"
        return unless_late(station, record, text) if idempotent?(station, record)

        doubts = evidence.maybes_of(station, record) + (evidence.late?(station, record) ? 1 : 0)
        text = "#{text}, with #{doubts} calls in doubt"
        doubles <= doubts ? doubt(text) : breach(text)
      end

      # Zoho finds people by their e-mail address, and nothing else by anything.
      def idempotent?(station, record)
        station.platform != "zoho_crm" || (record.kind == "contact" && record.fields["primary_email"].present?)
      end
    end
  end
end
