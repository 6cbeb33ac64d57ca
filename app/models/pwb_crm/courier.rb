# frozen_string_literal: true

module PwbCrm
  # Takes claimed deliveries to the remote and writes down what became of them.
  class Courier
    # For the answer to be written after the last call has ended.
    MARGIN = 10

    # @param integration [Integration]
    # @param lease [Lease]
    # @param website [ActiveRecord::Base] the tenant
    def initialize(integration, lease, website)
      @integration = integration
      @lease = lease
      @website = website
      @refreshed = false
    end

    # @return [Boolean] whether the integration may not send any more: its credentials are refused,
    #   or the receiver asked us to stop
    def stopped? = !integration.deliverable?

    # Reads the records of a batch.
    #
    # @param deliveries [Array<Delivery>]
    # @return [void]
    def load(deliveries)
      @batch = Batch.new(integration, website, deliveries)
    end

    # Sends a slice of the loaded batch and settles it.
    #
    # @param slice [Array<Delivery>]
    # @return [Hash{Delivery => Outcome}]
    # @raise [Lease::Lost]
    def deliver(slice)
      works, outcomes = prepare(slice)
      outcomes.merge!(push(works)) if works.any?
      Settlement.new(integration, lease, @batch).call(outcomes)
      outcomes
    end

    private

    attr_reader :integration, :lease, :website

    # @return [Array(Hash{Delivery => Hash}, Hash{Delivery => Outcome})] what can be sent, and what cannot
    def prepare(slice)
      slice.to_h { |delivery| [delivery, @batch.prepare(delivery)] }.partition { |_, work| work.is_a?(Hash) }.map(&:to_h)
    end

    def push(works)
      refresh if integration.tokens_expiring?
      return fail_all(works, @fault) unless usable?

      outcomes = send_off(works)
      refused = outcomes.select { |_, outcome| outcome.error&.reconnect? }
      refused.any? && refresh ? outcomes.merge(send_off(works.slice(*refused.keys))) : outcomes
    rescue Error => e
      fail_all(works, e)
    end

    # A config that no client can be built from is not the records' fault: they wait until it is corrected.
    def usable?
      integration.provider.client
      true
    rescue ConfigurationError => e
      @fault = e
      integration.pause!("#{e.message} Deliveries wait until the config is corrected.")
      false
    end

    # No call starts unless the lease outlives it: whoever takes over would send it a second time.
    def send_off(works)
      within = PwbCrm.config.timeout
      lease.renew([within + MARGIN, PwbCrm.config.lease_time].max)
      answers = integration.provider.push(works.values, within:).index_by(&:key)
      works.transform_values { |work| answers[work[:key]] || Outcomes.missing(work[:key]) }
    rescue Lease::Lost, ActiveRecord::ActiveRecordError
      raise
    rescue StandardError => e
      isolate(works, e)
    end

    # Something about one of the works may have set it off, so they go again one by one.
    def isolate(works, fault)
      return fail_all(works, as_error(fault)) if works.one?

      works.map { |delivery, work| send_off({ delivery => work.merge(doubt: true) }) }.reduce(:merge)
    end

    def as_error(fault)
      return fault if fault.is_a?(Error)

      Report.call(fault, doing: "sending for #{integration.label}")
      InternalError.new("#{fault.class} while it was being sent.", sent: :maybe)
    end

    def fail_all(works, error) = works.transform_values { |work| Outcomes.failed(work[:key], error) }

    # Once for each drain: tokens that are refused twice are dead.
    def refresh
      return false if @refreshed || !integration.provider.refreshable?

      @refreshed = true
      lease.renew(PwbCrm.config.lease_time)
      integration.refresh_tokens!
      true
    end
  end
end
