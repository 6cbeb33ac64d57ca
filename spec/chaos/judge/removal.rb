# frozen_string_literal: true

module Chaos
  module Judge
    # What the host destroyed is gone where deletes are passed on; a receiver that was told of it was told of its end.
    class Removal < Promise
      # @return [Array<Finding>]
      def findings
        gone.flat_map do |row|
          record = Record.new(kind: row["kind"], id: row["record_id"], mark: Mark.in("#{row["record"]}v1", "cet"),
                              fields: {})
          evidence.stations_of(record).select(&:deletes).filter_map { |station| fault(station, record) }
        end
      end

      private

      def gone = evidence.saves.select { |row| row["action"] == "destroy" }

      def fault(station, record)
        return if copies.of(station, record).empty? || told_by_message?(station, record)

        text = "#{record.kind} #{record.id} (#{record.mark.record}) was destroyed and is still at #{station.name}"
        return doubt("#{text}: nobody knew whether it was made by us") if kept_for_safety?(station, record)

        unless_late(station, record, text)
      end

      # Whoever Zoho finds by an e-mail address may have been the organisation's before: after an answer that was lost
      # nobody can tell, and nothing of the organisation's is deleted.
      def kept_for_safety?(station, record)
        station.platform == "zoho_crm" && record.kind == "contact" &&
          evidence.doubted.include?([station.id, *record.key])
      end

      # Who wrote an enquiry that is still there is made anew from it.
      def told_by_message?(station, record)
        record.kind == "contact" && station.platform != "custom" && senders.include?(record.mark.record)
      end

      def senders
        @senders ||= evidence.records.filter_map { |one| one.fields["sender_name"].to_s[Mark::RECORD] }.to_set
      end

      def copies = @copies ||= Copies.new(evidence)
    end
  end
end
