# frozen_string_literal: true

module PwbCrm
  class Drain
    # What follows from an outcome. There is nothing else: done, again at a time, back in line until
    # the integration may send again, or a dead letter with a cure.
    #
    # @api private
    class Verdict
      # Failures after which nobody knows whether a call that is not idempotent was carried out.
      UNCERTAIN = %i[remote timeout connection internal].freeze
      private_constant :UNCERTAIN

      # @param delivery [Delivery]
      # @return [String] what people do about a dead letter, once they have seen to what it says
      def self.resend(delivery) = "To send it again, change the record or replay delivery #{delivery.id}."

      # @return [Delivery]
      attr_reader :delivery
      # @return [Outcome]
      attr_reader :outcome

      # @param delivery [Delivery]
      # @param outcome [Outcome]
      # @param halted [Boolean] whether it failed for what keeps the integration from sending, for good or a while
      # @param platform [String] whose codes they are
      # @param excuse [Excuse, nil] if it failed by an outage
      def initialize(delivery, outcome, halted:, platform: "pwb_crm", excuse: nil)
        @delivery = delivery
        @outcome = outcome
        @error = outcome.error
        @halted = halted
        @platform = platform
        @excuse = excuse
      end

      # @return [Symbol] :succeeded, :skipped, :again, :back (as if it had not been tried) or :failed
      def state
        return outcome.skipped? ? :skipped : :succeeded unless error
        return :back if @halted || !attempted?

        @excuse ? @excuse.state : fate
      end

      # @return [Boolean]
      def failure? = !error.nil? && attempted?

      # @return [Boolean] whether it failed as everything does while a remote is out
      def failing? = !error.nil? && Integration::Breaker::Calls.failing?(error)

      # @return [Boolean] whether there is something to tell in the log: not of what never had its turn
      def told? = attempted? || outcome.calls.any?

      # @return [String, nil] the remote's own code, else the kind of error; of what was left out, why
      def code
        code = error ? error.code || error.kind : outcome.code
        code && Snapshot::Scrub.call(code)
      end

      # @return [Boolean] whether it was left out because its kind is switched off
      def switched_off? = state == :skipped && code == Delivery::SWITCHED_OFF

      # @return [String, nil] what happened, to which record, and what to do. PostgreSQL refuses texts
      #   with a NUL, and a remote may say anything
      def message
        return Snapshot::Scrub.call(outcome.reason) unless error

        state == :failed ? "#{named.chomp(".")}. #{cure}" : named
      end

      # @return [Delivery::Ending] what is to be written into the delivery
      def ending
        case state
        when :again then end_with(:pending, after: pause, doubt: doubt?)
        when :back then put_back
        else end_with(state, doubt: doubt_left?)
        end
      end

      private

      attr_reader :error

      def put_back
        Delivery::Ending.untried(delivery, code: file_code, kind:, message:).with(after: @excuse&.after, doubt: doubt?)
      end

      def end_with(state, **) = Delivery::Ending.new(delivery:, state:, code: file_code, kind:, message:, **)

      def pause = @excuse ? @excuse.after : Backoff.seconds(error, delivery.attempts)

      def kind = error&.kind&.to_s

      # By which it gets its place back.
      def file_code = @excuse&.moved? ? Delivery::Retryable::OUTAGE : code

      def named
        text = Snapshot::Scrub.call(error.message)
        sentence = text.match?(/[.!?]\z/) ? text : "#{text}."
        sentence.start_with?(delivery.label) ? sentence : "#{delivery.label}: #{sentence}"
      end

      def attempted? = error.nil? || error.attempted?

      def fate = error.retryable? && !spent? ? :again : :failed

      def spent? = delivery.attempts >= PwbCrm.config.max_attempts

      # Now or in an earlier attempt.
      def doubt? = delivery.doubt || (error.sent != :no && UNCERTAIN.include?(error.kind))

      # What was left out did not settle whether an earlier attempt arrived.
      def doubt_left? = error ? doubt? : delivery.doubt && !outcome.success?

      def cure
        given_up = "Given up after #{delivery.attempts} attempts." if error.retryable?
        [given_up || catalogued, resend].compact.join(" ")
      end

      # The clients' messages hold most cures already.
      def catalogued
        cure = Catalogue.find(@platform, error.code, kind: error.kind).cure
        cure unless named.downcase.include?(cure.downcase.chomp("."))
      end

      def resend = self.class.resend(delivery)
    end
  end
end
