# frozen_string_literal: true

module PwbCrm
  class Explanation
    # Whether an integration sends records of this kind.
    #
    # @api private
    class ConnectionSteps < Walk
      STEPS = %i[sends takes_kind].freeze

      private

      def sends
        return yes(:sends) if integration.deliverable?

        Step.new(name: :sends, passed: false, said: integration.status_message)
      end

      def takes_kind
        switch = Kinds::SWITCHES.fetch(kind)
        integration.takes?(kind) ? yes(:takes_kind, kind:) : no(:takes_kind, switch:)
      end
    end
  end
end
