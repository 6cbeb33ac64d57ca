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
          return :spent unless apply(events, ends)
        end
      end

      # At least one in each turn. Whatever ends it, the others need not wait for the lease.
      #
      # @return [Boolean] whether it came to all of them
      def apply(events, ends)
        left = events.dup
        loop do
          Applying.new(left.shift, @integration).call
          break left.empty? if left.empty? || Monotonic.now > ends
        end
      ensure
        left.each(&:put_back)
      end
    end
  end
end
