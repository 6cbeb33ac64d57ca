# frozen_string_literal: true

module Demo
  # Waits until everything that was saved is settled.
  class Patience
    # Seconds; a healed failure takes up to six.
    LONGEST = 20
    PAUSE = 0.02

    # What was waited for did not happen.
    class Exhausted < StandardError; end

    class << self
      # @return [void]
      # @raise [Exhausted] naming what is still on its way
      def until_settled
        ends = now + LONGEST
        until settled?
          raise Exhausted, stuck if now > ends

          sleep PAUSE
        end
      end

      private

      # A worker releases its lease when it has written everything.
      def settled? = unsettled.none? && PwbCrm::Integration.where.not(leased_until: nil).none?

      def unsettled = PwbCrm::Delivery.where(state: PwbCrm::Delivery::UNDELIVERED)

      def stuck
        waiting = unsettled.includes(:integration).map { |delivery| describe(delivery) }
        "after #{LONGEST} s still on its way: #{waiting.join("; ").presence || "a worker holds a lease"}"
      end

      def describe(delivery)
        state = "#{delivery.label} for #{delivery.integration.name} is #{delivery.state}"
        [state, delivery.error_message].compact.join(": ")
      end

      def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
