# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # See {Matchers#have_crm_health}.
      class HaveHealth
        include RSpec::Matchers::Composable

        # @param state [Symbol, String]
        # @raise [UsageError] for a state there is not
        def initialize(state)
          @state = Known.one_of!(Integration::Health::STATES, state, "health").to_sym
        end

        # @api private
        # @raise [UsageError] for what has no health
        def matches?(integration)
          @health = fresh(integration).health
          @health.state == @state
        end

        # @return [String]
        def description = "have the health #{@state}"

        # @return [String]
        def failure_message = "expected to #{description}, but it is #{@health.state}#{why}"

        # @return [String]
        def failure_message_when_negated = "expected not to #{description}#{why}"

        private

        def fresh(integration)
          unless integration.is_a?(Integration)
            raise UsageError, "A #{integration.class} has no health: expect(integration) takes an integration."
          end

          Integration.find_by(id: integration.id) || raise(UsageError, "#{integration.label} is no longer there.")
        end

        def why = @health.why ? ": #{@health.why}" : ""
      end
    end
  end
end
