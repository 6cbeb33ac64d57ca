# frozen_string_literal: true

module PwbCrm
  class Explanation
    # What became of the record's latest delivery to an integration.
    #
    # @api private
    class DeliverySteps < DeliveryWalk
      STEPS = %i[noted settled current].freeze

      # @return [Array<Step>]
      def steps = pending? ? [noted, *LineSteps.new(record, integration, delivery).steps] : super

      private

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
