# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # See {Matchers#have_crm_health}.
      class HaveHealth
        # @param state [Symbol, String]
        # @raise [UsageError] for a state there is not
        def initialize(state)
          @state = state.to_sym
          known = Integration::Health::STATES
          return if known.include?(@state)

          raise UsageError, "There is no health #{@state.inspect}; there are #{known.join(", ")}."
        end

        # @api private
        def matches?(integration)
          @health = integration.class.find(integration.id).health
          @health.state == @state
        end

        # @return [String]
        def description = "have the health #{@state}"

        # @return [String]
        def failure_message = "expected to #{description}, but it is #{@health.state}#{why}"

        # @return [String]
        def failure_message_when_negated = "expected not to #{description}#{why}"

        private

        def why = @health.why ? ": #{@health.why}" : ""
      end
    end
  end
end
