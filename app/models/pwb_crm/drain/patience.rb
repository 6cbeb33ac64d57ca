# frozen_string_literal: true

module PwbCrm
  class Drain
    # Waits for limits: a turn for short whiles, all together as long as {Configuration::Care#limit_patience} (pacing;
    # never for a 429); for longer the integration is held off.
    #
    # @api private
    class Patience
      # A wait of more seconds than this is no worker's.
      LONGEST = 1.5
      # A wait that is over before its time would be another.
      HAIR = 0.005
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
      def initialize(integration)
        @integration = integration
        @left = PwbCrm.config.limit_patience
      end

      # @return [Boolean] whether it came to an end after some waiting: a later job goes on
      def spent? = @over && PwbCrm.config.limit_patience.positive?

      # @return [Boolean] whether nothing is to be waited for any more
      def over? = @over || !@integration.deliverable?

      # Waits, if that is a short while, and says whether it did.
      #
      # @param seconds [Float]
      # @return [Boolean]
      def wait(seconds)
        return false if seconds > [LONGEST, @left].min

        @left -= seconds
        self.class.sleeper.call(seconds + HAIR)
        true
      end

      # Waits, or sees to it that somebody comes back.
      #
      # @param seconds [Float]
      # @return [void]
      def pause(seconds)
        seconds > LONGEST ? hold_off(seconds, :budget) : wait(seconds) || (@over = true)
      end

      # @param seconds [Float]
      # @param reason [Symbol] :asked, :budget or :credits
      # @return [nil]
      def hold_off(seconds, reason)
        @integration.hold_off(seconds, "#{REASONS.fetch(reason)} Deliveries go on by themselves.", code: "limits")
        Events.emit(:limit, **Events.of(@integration), seconds: seconds.round(1), reason:)
        nil
      end
    end
  end
end
