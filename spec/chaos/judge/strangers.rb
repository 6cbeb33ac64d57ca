# frozen_string_literal: true

module Chaos
  module Judge
    # Nothing of a save that was rolled back, and nothing of another tenant.
    class Strangers < Promise
      # @return [Array<Finding>]
      def findings = evidence.stations.flat_map { |station| leaked(station) + rolled_back(station) }

      private

      def leaked(station)
        foreign = marks(station).reject { |mark| mark.tenant == station.tenant }
        foreign.map { |mark| breach("#{mark} of tenant #{mark.tenant} is at #{station.name}") }
      end

      def rolled_back(station)
        marks(station).reject { |mark| committed.include?([mark.record, mark.version]) }
                      .map { |mark| breach("#{mark} was never committed and is at #{station.name}") }
      end

      def marks(station)
        accepted = evidence.writes_at(station).flat_map { |write| write["marks"] }
        Mark.all(accepted.uniq.join(" ")) | Mark.all(evidence.state.fetch(station.name, {}).to_s)
      end

      def committed = @committed ||= evidence.saves.to_set { |row| row.values_at("record", "version") }
    end
  end
end
