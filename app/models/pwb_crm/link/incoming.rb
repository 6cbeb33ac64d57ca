# frozen_string_literal: true

module PwbCrm
  class Link
    # What comes in about a record is taken over in its order.
    #
    # @api private
    module Incoming
      # @param change [Inbound::Change]
      # @return [Inbound::Change, nil] what of it no newer one has told
      def left_of(change) = Times.new(self).left(change)

      # Takes note of a change from outside, unless it has taken note of another since it was read: even an older one
      # makes a record that was read before it out of date.
      #
      # @param change [Inbound::Change]
      # @param learned [Hash{String => String}] field to the hash of what the remote holds by it
      # @return [Boolean] whether it is to be taken over
      def advance(change, learned = {})
        same = self.class.where(id:, **slice(:inbound_at, :inbound_sequence, :inbound_fields))
        columns = learned.empty? ? {} : same.lock.take&.then { |now| Shadow.new(now).told(learned, change, self) }
        !columns.nil? && same.update_all(**Times.new(self).after(change), **columns) == 1
      end

      # The same for one without a row.
      #
      # @param change [Inbound::Change]
      # @return [Boolean] whether nobody has made it meanwhile
      def adopt(change)
        known = slice(*RECORD, :external_type, :external_id)
        known = known.merge(Times.new(self).after(change)) unless change.appends?
        self.class.insert_all([known], returning: :id).any?
      end

      # Notes which fields were written at the remote. In doubt, and under a new mapping, all are, be they what they
      # were: what comes in meanwhile may be older even then.
      #
      # @param outcome [Outcome] that it has learned
      # @param doubt [Boolean] whether an earlier attempt may have arrived
      # @return [void]
      def sent(outcome, doubt)
        @sent = outcome.calls.flat_map(&:fields)
        again = outcome.shadow && (doubt || mapping_version_changed?)
        shadow_will_change! if again && shadow.keys.intersect?(@sent)
      end

      # Writes its shadow once more, with what has come in since it was read. The row is this transaction's already.
      #
      # @return [void]
      def meet
        now = self.class.find_by!(slice(*RECORD))
        self.shadow = Shadow.new(now).settled(shadow_in_database, shadow, @sent) unless external_id_changed?
        self.shadow_told = now.shadow_told
        self.class.where(id: now.id).update_all(shadow:)
      end

      # @return [Boolean] whether its record is known to be nowhere by now, so that no order of changes is to be kept
      def lost? = self.class.where(slice(*RECORD)).where.not(external_id: "").none?
    end
  end
end
