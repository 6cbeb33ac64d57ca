# frozen_string_literal: true

module PwbCrm
  class Drain
    # What to do while limits allow nothing. For longer than a moment the integration is held off. For less a job has
    # no patience at all and comes back ({Wake::Alarm}); only who has no job to come back waits.
    #
    # @api private
    class Patience
      # Of more seconds than this the integration tells.
      LONGEST = 1.5
      # Seconds: a wait that is over before its time would be another.
      MARGIN = 0.005
      # What to tell people, by what the wait is for.
      REASONS = {
        asked: "The account's remote asked another integration on it for a pause.",
        budget: "The account's limit of requests is used up for a while.",
        credits: "The account's credits of 24 hours are used up."
      }.freeze
      private_constant :REASONS

      @sleeper = ->(seconds) { sleep seconds }

      class << self
        # @return [#call] what waits; tests let virtual time pass
        attr_accessor :sleeper
      end

      # @param integration [Integration]
      # @param seconds [Numeric] that may be waited, all together; 0 in a job
      def initialize(integration, seconds)
        @integration = integration
        @left = seconds
      end

      # Waits, if that is a short while, and says whether it did.
      #
      # @param seconds [Float]
      # @return [Boolean]
      def wait(seconds)
        return false unless @left.positive? && seconds <= [LONGEST, @left].min && @integration.deliverable?

        @left -= seconds
        self.class.sleeper.call(seconds + MARGIN)
        true
      end

      # Sees to it that nobody comes before its time.
      #
      # @param seconds [Float]
      # @param reason [Symbol] :asked, :budget or :credits
      # @return [Float, nil] seconds after which to come back; nil where the integration is held off
      def rest(seconds, reason)
        return seconds if seconds <= LONGEST

        @integration.hold_off(seconds, "#{REASONS.fetch(reason)} Deliveries go on by themselves.", code: "limits")
        Events.emit(:limit, **Events.of(@integration), seconds: seconds.round(1), reason:)
        nil
      end
    end
  end
end
