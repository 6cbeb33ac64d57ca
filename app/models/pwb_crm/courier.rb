# frozen_string_literal: true

module PwbCrm
  # Takes claimed deliveries to the remote and has it written down what became of them.
  class Courier
    # @param integration [Integration]
    # @param lease [Lease]
    # @param website [ActiveRecord::Base] the tenant
    def initialize(integration, lease, website)
      @integration = integration
      @lease = lease
      @website = website
      @dispatch = Dispatch.new(integration, lease)
    end

    # @return [Boolean] whether the integration may not send any more: its credentials are refused,
    #   its config does not do, or the receiver asked us to stop
    def stopped? = !@integration.deliverable?

    # Reads the records of a batch.
    #
    # @param deliveries [Array<Delivery>]
    # @return [void]
    def load(deliveries)
      @batch = Batch.new(@integration, @website, deliveries)
    end

    # Sends a slice of the loaded batch and settles it.
    #
    # @param slice [Array<Delivery>]
    # @return [Hash{Delivery => Outcome}]
    # @raise [Lease::Lost]
    def deliver(slice)
      prepared = slice.index_with { |delivery| @batch.prepare(delivery) }
      works, outcomes = prepared.partition { |_, work| work.is_a?(Hash) }.map(&:to_h)
      outcomes.merge!(@dispatch.call(works)) if works.any?
      Settlement.new(@integration, @lease, @batch).call(outcomes)
      outcomes
    end
  end
end
