# frozen_string_literal: true

module PwbCrm
  class Explanation
    # What became of the record's latest delivery to an integration.
    #
    # @api private
    class DeliverySteps < Walk
      STEPS = %i[noted predecessor dependency thread held_bulk due turn settled current].freeze

      private

      def delivery
        return @delivery if defined?(@delivery)

        @delivery = integration.deliveries.of_record(kind, record.id).order(:id).last
      end

      # What the words of most steps are filled with.
      def facts
        { id: delivery.id, action: delivery.action, attempts: delivery.attempts, of: PwbCrm.config.max_attempts,
          reason:, cure: }
      end

      # What is to be done follows it.
      def reason = delivery.error_message.to_s.delete_suffix(Drain::Verdict.resend(delivery)).rstrip

      # Where the reason has not said so.
      def cure
        text = delivery.cure.to_s
        reason.downcase.include?(text.downcase.chomp(".")) ? "" : text
      end

      def noted
        return yes(:noted, at: time(delivery.occurred_at), **facts) if delivery

        link ? yes(:noted, "pruned") : never_noted
      end

      # What is left of deliveries that were pruned.
      def link = @link ||= integration.links.find_by(record_type: kind, record_id: record.id.to_s)

      def never_noted
        return no(:noted, "gone") if gone?

        connected = integration.connected_at
        return no(:noted, "before", at: time(connected)) if stamp && stamp < connected

        no(:noted, watched: Array(PwbCrm.config.watched[kind.to_sym]).join(", "))
      end

      def stamp = Outbox::Stamp.of(record, kind)

      def pending? = delivery&.state == "pending"

      # An earlier state of the record that is just being sent.
      def predecessor
        return unless pending?

        other = undelivered(kind, record.id).in_flight.where.not(id: delivery.id).first
        no(:predecessor, id: other.id) if other
      end

      def dependency
        return unless pending?
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
        first = earlier_replies.first if pending? && kind == Replies::KIND && !delivery.erase?
        no(:thread, label: first.label, **first.slice(:id, :state).symbolize_keys) if first
      end

      def earlier_replies
        rows = integration.deliveries.where(record_type: kind, state: Delivery::UNDELIVERED)
        rows.where(depends_on_id: delivery.depends_on_id, id: ...delivery.id).order(:id)
      end

      def undelivered(type, id) = integration.deliveries.of_record(type, id).where(state: Delivery::UNDELIVERED)

      def held_bulk
        return unless pending? && delivery.bulk
        return spent_bulk unless integration.bulk_held

        run = integration.resyncs.where(state: "paused").pick(:id)
        run ? no(:held_bulk, run:) : no(:held_bulk, "alone", id: integration.id)
      end

      # As {Integration#health} warns of it.
      def spent_bulk
        quotas = Budget::Quotas.new(integration)
        no(:held_bulk, "spent", quota: quotas.call["credits"].to_s) if quotas.bulk_spent?
      end

      def due
        return unless pending?

        at = time(delivery.run_at)
        return yes(:due, at:) unless Sql.future?(delivery.run_at)

        no(:due, delivery.error_code ? "again" : "soon", at:, **facts)
      end

      # Due, and nothing stands in its way.
      def turn = (no(:turn) if pending?)

      def settled
        return unless delivery

        Delivery.stuck.exists?(delivery.id) ? stuck : outcome
      end

      def outcome
        state = delivery.state
        at = time(delivery.settled_at || delivery.updated_at)
        return no(:settled, "unknown", state:, **facts) unless Delivery::STATES.include?(state)

        state == "succeeded" || unchanged? ? yes(:settled, state, at:, **facts) : no(:settled, state, at:, **facts)
      end

      def stuck = no(:settled, "stuck", at: time(delivery.claimed_at), id: delivery.id)

      # Left out because the remote has it already.
      def unchanged? = delivery.state == "skipped" && last_answer&.fetch("action", nil) == "unchanged"

      def last_answer = delivery.sync_logs.newest_first.first&.response_payload

      def current
        return yes(:current, "removed", sent:) if delivery ? delivery.delete? : link.erased_at
        return no(:current, "gone", sent:) if gone?

        compared(Comparison.new(integration, kind, record).call)
      end

      # What was saved since and not noted was in no watched column, or past the callbacks.
      def compared(found)
        case found
        when nil then yes(:current, saved_since? ? "saved" : "sent", sent:)
        when :unchanged then yes(:current, sent:)
        when String then no(:current, "cannot", sent:, reason: found)
        else no(:current, sent:)
        end
      end

      def sent = time(delivery ? delivery.settled_at : link.updated_at)

      def saved_since? = stamp && delivery&.record_updated_at && stamp > delivery.record_updated_at
    end
  end
end
