# frozen_string_literal: true

module PwbCrm
  class Explanation
    # What there is to say of a record that is gone, whichever integration has heard of it.
    #
    # @api private
    class GoneSteps < Walk
      STEPS = %i[kill_switch gone connected].freeze

      # @return [Array<Integration>]
      def integrations
        @integrations ||= record.integrations.where(disconnected_at: nil).order(:id).select do |one|
          integration.nil? || one.id == integration.id
        end
      end

      private

      def gone = yes(:gone, label:)

      def connected
        integrations.any? ? yes(:connected, "known", count: integrations.size) : no(:connected, "forgotten")
      end
    end
  end
end
