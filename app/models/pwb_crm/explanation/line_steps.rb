# frozen_string_literal: true

module PwbCrm
  class Explanation
    # What keeps a pending delivery in line.
    #
    # @api private
    class LineSteps < DeliveryWalk
      STEPS = %i[predecessor dependency thread held_bulk due turn].freeze

      private

      # An earlier state of the record that is just being sent.
      def predecessor
        other = undelivered(kind, record.id).in_flight.where.not(id: delivery.id).first
        no(:predecessor, id: other.id) if other
      end

      def dependency
        return kin if delivery.erase?
        return unless delivery.depends_on_id

        type, id = delivery.values_at(:depends_on_type, :depends_on_id)
        waits_for(undelivered(type, id).first) || yes(:dependency, label: "#{type} #{id}")
      end

      # Of what is erased the other way round.
      def kin = waits_for(integration.deliveries.before_erasing(*delivery.record_key).first)

      def waits_for(first)
        no(:dependency, label: first.label, **first.slice(:id, :state, :attempts).symbolize_keys) if first
      end

      # An earlier reply of the ticket.
      def thread
        first = earlier_replies.first if kind == Replies::KIND && !delivery.erase?
        no(:thread, label: first.label, **first.slice(:id, :state).symbolize_keys) if first
      end

      def earlier_replies
        rows = integration.deliveries.where(record_type: kind, state: Delivery::UNDELIVERED)
        rows.where(depends_on_id: delivery.depends_on_id, id: ...delivery.id).order(:id)
      end

      def undelivered(type, id) = integration.deliveries.of_record(type, id).where(state: Delivery::UNDELIVERED)

      def held_bulk
        return unless delivery.bulk
        return spent_bulk unless integration.bulk_held

        run = integration.resyncs.paused_id
        run ? no(:held_bulk, run:) : no(:held_bulk, "alone", id: integration.id)
      end

      # As {Integration#health} warns of it.
      def spent_bulk
        quotas = Budget::Quotas.new(integration)
        no(:held_bulk, "spent", quota: quotas.call["credits"].to_s) if quotas.bulk_spent?
      end

      def due
        at = time(delivery.run_at)
        return yes(:due, at:) unless Sql.future?(delivery.run_at)

        no(:due, delivery.error_code ? "again" : "soon", at:, **facts)
      end

      # Due, and nothing stands in its way.
      def turn = no(:turn)
    end
  end
end
