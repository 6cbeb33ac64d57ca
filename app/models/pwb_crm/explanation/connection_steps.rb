# frozen_string_literal: true

module PwbCrm
  class Explanation
    # Whether an integration sends the record at all.
    #
    # @api private
    class ConnectionSteps < Walk
      STEPS = %i[erased sends takes_kind].freeze

      private

      # Of the erasure itself the delivery tells.
      def erased
        at = integration.links.of_records(kind, [record.id]).pick(:erased_at)
        no(:erased, at: time(at)) if at && !erasing? && sent_since?
      end

      def sent_since? = rows.order(:id).pluck(:action).last&.then { |action| action != "erase" }

      def sends
        return yes(:sends) if integration.deliverable?
        return paused if integration.status == :paused && integration.state == "paused"

        Step.new(name: :sends, passed: false, said: integration.status_message.squish)
      end

      # By people, whose words need not say so.
      def paused
        since, reason, id = integration.values_at(:state_since, :state_reason, :id)
        no(:sends, "paused", since: time(since || integration.updated_at), reason: reason.to_s.chomp("."), id:)
      end

      def takes_kind
        return yes(:takes_kind, kind:) if integration.takes?(kind)

        switch = Kinds::SWITCHES.fetch(kind)
        erasing? ? yes(:takes_kind, "erasing", switch:) : no(:takes_kind, switch:)
      end

      def erasing? = rows.where(state: Delivery::UNDELIVERED).exists?(action: "erase")

      def rows = integration.deliveries.of_record(kind, record.id)
    end
  end
end
