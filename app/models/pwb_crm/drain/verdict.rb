# frozen_string_literal: true

module PwbCrm
  class Drain
    # What follows from an outcome. There is nothing else: done, again at a time, back in line until
    # the integration may send again, or a dead letter with a cure.
    class Verdict
      CURES = {
        validation: "Correct the record and save it again.",
        not_found: "Check the integration's address and modules, then save the record again.",
        permission: "Give the connected account this permission, then save the record again.",
        configuration: "Correct the integration's settings, then save the record again.",
        blocked_address: "Give the integration an address on the public internet, then save the record again.",
        authentication: "Connect the account again, then save the record again."
      }.freeze
      # Failures after which nobody knows whether a call that is not idempotent was carried out.
      UNCERTAIN = %i[remote timeout connection internal].freeze
      private_constant :CURES, :UNCERTAIN

      # @return [Delivery]
      attr_reader :delivery
      # @return [Outcome]
      attr_reader :outcome

      # @param delivery [Delivery]
      # @param outcome [Outcome]
      # @param halted [Boolean] whether it failed for what keeps the integration from sending at all
      def initialize(delivery, outcome, halted:)
        @delivery = delivery
        @outcome = outcome
        @error = outcome.error
        @halted = halted
      end

      # @return [Symbol] :succeeded, :skipped, :again, :back (as if it had not been tried) or :failed
      def state
        return outcome.skipped? ? :skipped : :succeeded unless error
        return :back if @halted

        error.retryable? && !spent? ? :again : :failed
      end

      # @return [Boolean]
      def failure? = !error.nil?

      # @return [String, nil] the remote's own code, else the kind of error
      def code
        error && Snapshot::Scrub.call(error.code || error.kind)
      end

      # @return [String, nil] what happened, to which record, and what to do. PostgreSQL refuses texts
      #   with a NUL, and a remote may say anything
      def message
        return Snapshot::Scrub.call(outcome.reason) unless error

        state == :failed ? "#{named.chomp(".")}. #{cure}" : named
      end

      # Writes it into the delivery.
      #
      # @return [void]
      def carry_out
        case state
        when :again then requeue(after: pause, doubt: doubt?)
        when :back then requeue(attempts: delivery.attempts - 1)
        else delivery.settle(state, code:, message:, doubt: state == :failed && doubt?)
        end
      end

      private

      attr_reader :error

      def requeue(**) = delivery.requeue(code:, message:, **)

      def pause = Backoff.seconds(error, delivery.attempts)

      def named
        text = Snapshot::Scrub.call(error.message)
        sentence = text.match?(/[.!?]\z/) ? text : "#{text}."
        sentence.start_with?(delivery.label) ? sentence : "#{delivery.label}: #{sentence}"
      end

      def spent? = delivery.attempts >= PwbCrm.config.max_attempts

      # Now or in an earlier attempt.
      def doubt? = delivery.doubt || (error.sent != :no && UNCERTAIN.include?(error.kind))

      def cure
        return "Given up after #{delivery.attempts} attempts: save the record again to try anew." if error.retryable?

        CURES.fetch(error.kind, "This is a fault of pwb_crm: please report it.")
      end
    end
  end
end
