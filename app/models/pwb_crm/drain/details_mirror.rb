# frozen_string_literal: true

module PwbCrm
  class Drain
    # Copies remote ids into the records' JSON `details`, where they have such a column. One statement for
    # all records of a class writes one key: the host's own keys stay as they are, no callback runs, and
    # rows that the host has locked are passed over. Nothing depends on it; the links are what counts.
    #
    # @api private
    class DetailsMirror
      # @param integration [Integration]
      def initialize(integration)
        @key = Asking.call(integration.provider, :mirror_key) if PwbCrm.config.mirror_ids
      end

      # @param outcomes [Hash{ActiveRecord::Base => Outcome}]
      # @return [void]
      def write(outcomes)
        ids = outcomes.filter_map { |record, outcome| [record, outcome.id] if record && missing?(record, outcome) }
        ids.group_by { |record, _| record.class }.each { |model, same| copy(model, same) }
      end

      private

      # What was there when the record was read need not be written; the statement itself looks again.
      def missing?(record, outcome)
        return false unless @key && outcome.success? && outcome.id && Copy.possible?(record.class)

        details = record.details
        !(details.is_a?(Hash) && details[@key] == outcome.id)
      end

      # One row's contents may be what the database cannot work with; the others do not suffer from it.
      def copy(model, ids)
        Copy.new(model, @key).call(ids.map { |record, id| [record.id, id] })
      rescue ActiveRecord::ActiveRecordError => e
        return ids.each { |one| copy(model, [one]) } if ids.many?

        Report.call(e, doing: "copying the remote id into the details of #{model} #{ids.dig(0, 0).id}")
      end
    end
  end
end
