# frozen_string_literal: true

module PwbCrm
  class Integration
    module Breaker
      # Whose own fault it is that they fail again: something else arrived when they failed before, or since. While
      # nothing does, a record that the remote cannot take looks like a remote that is out, and nobody is to blame.
      #
      # @api private
      class Blame
        # @param integration [Integration]
        # @param outcomes [Hash{Delivery => Outcome}] of one slice
        def initialize(integration, outcomes)
          @integration = integration
          @outcomes = outcomes
        end

        # @return [Set<Delivery>]
        def deliveries
          again = failing_again
          return again.to_set if again.empty? || @outcomes.each_value.any? { |outcome| Calls.arrived?(outcome) }

          again.index_by(&:id).values_at(*outlived(again)).to_set
        end

        private

        def failing_again
          failing = @outcomes.select { |_, outcome| outcome.error && Calls.failing?(outcome.error) }
          failing.keys.select { |delivery| delivery.attempts > 1 }
        end

        # Not by the sync logs, which may be pruned any time.
        def outlived(again)
          arrived = Integration.where(id: @integration.id).select(:last_synced_at)
          Delivery.where(id: again.map(&:id)).where("first_failed_at <= (#{arrived.to_sql})").ids
        end
      end
    end
  end
end
