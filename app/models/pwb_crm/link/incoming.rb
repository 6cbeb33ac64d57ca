# frozen_string_literal: true

module PwbCrm
  class Link
    # What comes in about a record is taken over in its order.
    #
    # @api private
    module Incoming
      # @param change [Inbound::Change]
      # @return [Boolean] whether no newer one has been taken over
      def behind?(change) = new_record? || before(change).exists?

      # Takes note of a change from outside, unless it has taken note of another since it was read: even an older one
      # makes a record that was read before it out of date.
      #
      # @param change [Inbound::Change]
      # @return [Boolean] whether it is to be taken over
      def advance(change)
        self.class.where(id:, inbound_at:, inbound_sequence:).update_all(change.moment) == 1
      end

      # The same for one without a row.
      #
      # @param change [Inbound::Change]
      # @return [Boolean] whether nobody has made it meanwhile
      def adopt(change)
        known = slice(*RECORD, :external_type, :external_id)
        self.class.insert_all([change.appends? ? known : known.merge(change.moment)], returning: :id).any?
      end

      # @return [Boolean] whether its record is known to be nowhere by now, so that no order of changes is to be kept
      def lost? = self.class.where(slice(*RECORD)).where.not(external_id: "").none?

      private

      # Its row, unless it has a newer one.
      def before(change)
        self.class.where(id:).where(<<~SQL.squish, change.moment)
          inbound_at IS NULL OR inbound_at < :inbound_at
            OR (inbound_at = :inbound_at AND COALESCE(inbound_sequence, '') <= :inbound_sequence)
        SQL
      end
    end
  end
end
