# frozen_string_literal: true

module PwbCrm
  # What follows from an outcome. There is nothing else: done, again at a time, back in line until
  # people have connected the account again, or a dead letter with a cure.
  class Verdict
    CURES = {
      validation: "Correct the record and save it again.",
      not_found: "Check the integration's address and modules, then save the record again.",
      permission: "Give the connected account this permission, then save the record again.",
      configuration: "Correct the integration's settings, then save the record again.",
      blocked_address: "Give the integration an address on the public internet, then save the record again.",
      internal: "This is a fault of pwb_crm: please report it."
    }.freeze
    # Failures after which nobody knows whether a call that is not idempotent was carried out.
    UNCERTAIN = %i[remote timeout connection internal].freeze
    private_constant :CURES, :UNCERTAIN

    # @param delivery [Delivery]
    # @param outcome [Outcome]
    # @param stopped [Boolean] whether the integration may not send any more
    def initialize(delivery, outcome, stopped:)
      @delivery = delivery
      @outcome = outcome
      @error = outcome.error
      @stopped = stopped
    end

    # @return [Symbol] :succeeded, :skipped, :again, :back (as if it had not been tried) or :failed
    def state
      return outcome.skipped? ? :skipped : :succeeded unless error
      return :back if stopped

      error.retryable? && !spent? ? :again : :failed
    end

    # @return [Float] seconds until the next attempt
    def pause = Backoff.seconds(error, delivery.attempts)

    # @return [Boolean] whether it may have arrived, now or in an earlier attempt
    def doubt? = delivery.doubt || (error.sent != :no && UNCERTAIN.include?(error.kind))

    # @return [String, nil] what happened, to which record, and what to do
    def message
      return outcome.reason unless error

      [named, (cure if state == :failed)].compact.join(" ")
    end

    private

    attr_reader :delivery, :outcome, :error, :stopped

    def spent? = delivery.attempts >= PwbCrm.config.max_attempts

    def named
      error.message.start_with?(delivery.label) ? error.message : "#{delivery.label}: #{error.message}"
    end

    def cure
      return "Given up after #{delivery.attempts} attempts. Save the record again to try anew." if error.retryable?

      CURES.fetch(error.kind, "Connect the account again, then save the record again.")
    end
  end
end
