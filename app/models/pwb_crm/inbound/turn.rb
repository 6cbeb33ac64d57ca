# frozen_string_literal: true

module PwbCrm
  module Inbound
    # One job's work at an integration's events, as its tenant. It asks for no lease: what is sent and what comes in do
    # not wait for each other.
    #
    # @api private
    class Turn
      # Events claimed at once.
      SLICE = 50

      # @param integration_id [Integer]
      # @param jobs [Boolean] whether a job goes on with what is left
      def initialize(integration_id, jobs: true)
        @integration_id = integration_id
        @jobs = jobs
      end

      # @return [void]
      def take
        ApplicationRecord.uncached do
          @integration = Integration.receiving.find_by(id: @integration_id) or next
          next unless Providers.known?(@integration.platform)

          InboundEvent.recover(@integration_id)
          ended = Notifier.working { work }
          Inbound.wake(@integration_id) if ended == :spent && @jobs && !Wake.inline?
        end
      end

      private

      def work
        Conveyor::Tenant.new(@integration).work { |_website| apply_due }.tap { Roundup.inbound.tell(@integration) }
      end

      def apply_due
        ends = Monotonic.now + PwbCrm.config.drain_budget
        until (events = InboundEvent.claim(@integration_id, limit: SLICE)).empty?
          left = apply(events, ends)
          left.each(&:put_back)
          return :spent if left.any?
        end
      end

      # At least one in each turn.
      def apply(events, ends)
        events.drop_while.with_index do |event, index|
          next if index.positive? && Monotonic.now > ends

          Applying.new(event, @integration).call
          true
        end
      end
    end
  end
end
