# frozen_string_literal: true

module Chaos
  module Judge
    # What a remote accepts of a record never goes back to an earlier version.
    class Order < Promise
      # @return [Array<Finding>]
      def findings
        evidence.stations.flat_map do |station|
          writes = evidence.writes_at(station).select { |write| write["record"] && write["change"] != "delete" }
          writes.group_by { |write| write["record"] }.filter_map { |record, all| fault(station, record, all) }
        end
      end

      private

      def fault(station, mark, writes)
        before, after = writes.each_cons(2).find { |one, other| other["version"] < one["version"] }
        return unless after

        record = Record.new(kind: Mark::KINDS.key(mark[0]), id: ids[mark], mark: nil, fields: {})
        text = "#{mark} went from version #{before["version"]} back to #{after["version"]} at #{station.name}"
        unless_late(station, record, text)
      end

      def ids = @ids ||= evidence.saves.to_h { |row| [row["record"], row["record_id"]] }
    end
  end
end
