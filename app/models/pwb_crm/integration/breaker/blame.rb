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

        # What a slice leaves in the log has one time.
        def outlived(again)
          logs = SyncLog.quoted_table_name
          failures = @integration.sync_logs.failed.where(delivery_id: again.map(&:id))
          failures.where(<<~SQL.squish).distinct.pluck(:delivery_id)
            (http_status IS NULL OR http_status <> 429) AND EXISTS (SELECT 1 FROM #{logs} AS arrived
              WHERE arrived.integration_id = #{logs}.integration_id AND arrived.success
              AND arrived.http_status IS NOT NULL AND arrived.created_at >= #{logs}.created_at)
          SQL
        end
      end
    end
  end
end
