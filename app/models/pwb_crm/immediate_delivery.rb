# frozen_string_literal: true

module PwbCrm
  # Delivers one record to one integration at once and answers its outcome: the way of the providers'
  # sync_contact, sync_message, sync_support_ticket and sync_ticket_message. It goes through the outbox like everything
  # else, so that nothing is lost when it does not work out.
  #
  # @api private
  class ImmediateDelivery
    # What becomes of a record that another worker's turn stands in the way of.
    BUSY = "another worker is delivering for this integration, and the record goes out after that, within a minute; " \
           "nothing to do"
    private_constant :BUSY

    # @param integration [Integration]
    def initialize(integration)
      @integration = integration
    end

    # @param record [ActiveRecord::Base]
    # @param kind [String] what the record has to be
    # @return [Outcome] skipped, with a reason, where it is queued or not sent at all; if it failed, the reason
    #   says when it is tried again
    # @raise [ConfigurationError] for a record of another class
    def call(record, kind)
      found = Kinds.of!(record)
      raise ConfigurationError, "#{record.class} #{record.id} is a #{found}, not a #{kind}." unless found == kind

      name = "#{kind} #{record.id}"
      reason = Kinds.left_out(kind, record) and return Outcome.skipped(name, "#{name} #{reason}")
      note(record, kind).any? ? outcome_of(record, kind) || waiting(name, record) : refused(name)
    end

    private

    def note(record, kind)
      outbox = Outbox.new(record, kind:, action: "update", integration: @integration)
      ApplicationRecord.transaction { outbox.write }
    end

    def outcome_of(record, kind)
      outcome = nil
      Conveyor.run(@integration.id) do |*conveyor|
        @turn = true
        outcome = Drain.new(*conveyor, patience: PwbCrm.config.limit_patience).only(line_up(record, kind))
        :done
      end
      @integration.reload
      outcome&.failed? ? outcome.because(prospects(kind, record)) : outcome
    end

    def prospects(kind, record)
      delivery = @integration.deliveries.of_record(kind, record.id).order(:id).last
      name = "#{delivery.label} is"
      return "#{name} queued: #{@integration.status_message}" unless @integration.deliverable?
      return "#{name} a dead letter: replay delivery #{delivery.id}" if delivery.state == "failed"

      "#{name} tried again #{time_of(delivery)}, after #{delivery.attempts} of #{PwbCrm.config.max_attempts} attempts"
    end

    # What could not go back in line, because another transaction holds the record's next delivery, is found in flight.
    def time_of(delivery)
      at = delivery.next_attempt_at
      at ? "at #{at.utc.iso8601}" : "within a minute"
    end

    # What it depends on first, if anything is waiting about that.
    def line_up(record, kind) = [Kinds.predecessor(kind, record), [kind, record.id.to_s]].compact

    def waiting(name, record)
      Wake.call(@integration.id)
      Outcome.skipped(name, "#{name} #{standing(record)}")
    end

    def standing(record)
      halt = Switch.on? ? @integration.status_message : Switch::OFF
      return "is queued: #{halt || BUSY}" if halt || !@turn

      step = Explanation::DeliverySteps.new(record, @integration).steps.last
      step.passed ? "went out with another worker's turn. #{step.said}" : "is queued. #{step.said}"
    end

    def refused(name)
      Outcome.skipped(name, "#{name} is not sent: the integration is inactive, belongs to another website, " \
                            "or does not take this kind of record")
    end
  end
end
