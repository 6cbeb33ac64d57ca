# frozen_string_literal: true

module PwbCrm
  # Writes down what became of a slice: links, deliveries and the sync log, in one transaction that
  # the lease fences.
  class Settlement
    DONE = %i[succeeded skipped].freeze
    private_constant :DONE

    # @param integration [Integration]
    # @param lease [Lease]
    # @param batch [Batch]
    def initialize(integration, lease, batch)
      @integration = integration
      @lease = lease
      @batch = batch
      @halt = Halt.new(integration)
    end

    # @param outcomes [Hash{Delivery => Outcome}]
    # @return [void]
    # @raise [Lease::Lost] when another worker has taken over; nothing is written then
    def call(outcomes)
      verdicts = judge(outcomes)
      ApplicationRecord.transaction do
        lease.fence(Progress.of(verdicts.values))
        verdicts.each_value { |verdict| settle(verdict) }
        Logbook.write(integration, verdicts.values)
      end
      outcomes.each { |delivery, outcome| Mirror.write(integration, batch.record(delivery), outcome) }
    end

    private

    attr_reader :integration, :lease, :batch

    def judge(outcomes)
      @halt.consider(outcomes.each_value.filter_map(&:error))
      outcomes.to_h do |delivery, outcome|
        [delivery, Verdict.new(delivery, outcome, halted: @halt.caused_by?(outcome.error))]
      end
    end

    def settle(verdict)
      delivery = verdict.delivery
      Bond.new(integration, batch, delivery).keep(verdict.outcome)
      verdict.carry_out
      # What arrived makes up for older dead letters of the record.
      delivery.supersede_dead if DONE.include?(verdict.state)
    end
  end
end
