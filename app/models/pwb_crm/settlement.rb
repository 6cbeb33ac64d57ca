# frozen_string_literal: true

module PwbCrm
  # Writes down what became of a slice: links, deliveries and the sync log, in one transaction that
  # the lease fences.
  class Settlement
    # @param integration [Integration]
    # @param lease [Lease]
    # @param batch [Batch]
    def initialize(integration, lease, batch)
      @integration = integration
      @lease = lease
      @batch = batch
    end

    # @param outcomes [Hash{Delivery => Outcome}]
    # @return [void]
    # @raise [Lease::Lost] when another worker has taken over; nothing is written then
    def call(outcomes)
      halt(outcomes)
      verdicts = outcomes.to_h { |delivery, outcome| [delivery, verdict(delivery, outcome)] }
      ApplicationRecord.transaction do
        lease.fence(progress(verdicts))
        outcomes.each { |delivery, outcome| settle(delivery, outcome, verdicts.fetch(delivery)) }
        bury_superseded(verdicts)
        Logbook.write(integration, outcomes, verdicts)
      end
      mirror(outcomes)
    end

    private

    attr_reader :integration, :lease, :batch

    # What concerns the integration rather than the record stops it, and keeps its deliveries.
    def halt(outcomes)
      error = outcomes.each_value.filter_map(&:error).find { |one| one.reconnect? || integration.provider.gone?(one) }
      return if error.nil? || !integration.deliverable?

      error.reconnect? ? integration.reconnect!(error) : integration.pause!(gone_message(error))
    end

    def gone_message(error)
      "#{error.message} The receiver asks us to stop, so it is paused: give it a new address, or resume it. Deliveries wait."
    end

    def verdict(delivery, outcome)
      Verdict.new(delivery, outcome, stopped: stops?(outcome.error))
    end

    def stops?(error)
      error && !integration.deliverable? && (error.reconnect? || error.kind == :configuration || integration.provider.gone?(error))
    end

    def settle(delivery, outcome, verdict)
      Bond.new(integration, batch, delivery).keep(outcome)
      case verdict.state
      when :again then delivery.requeue(after: verdict.pause, doubt: verdict.doubt?, error: outcome.error)
      when :back then delivery.requeue(attempts: delivery.attempts - 1, error: outcome.error)
      else delivery.settle(verdict.state, error: outcome.error, message: verdict.message)
      end
    end

    # What arrived makes up for older dead letters of the record.
    def bury_superseded(verdicts)
      done = verdicts.select { |_, verdict| %i[succeeded skipped].include?(verdict.state) }.keys
      done.each { |delivery| delivery.supersede_dead }
    end

    def progress(verdicts)
      states = verdicts.each_value.map(&:state)
      now = Arel.sql(Sql.now)
      failed = verdicts.each_value.find { |verdict| %i[again back failed].include?(verdict.state) }
      { last_synced_at: (now if states.include?(:succeeded)), last_failed_at: (now if failed) }
        .compact.merge(last_error: failed&.message)
    end

    def mirror(outcomes)
      outcomes.each { |delivery, outcome| Mirror.write(integration, batch.record(delivery), outcome) }
    end
  end
end
