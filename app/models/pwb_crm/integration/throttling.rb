# frozen_string_literal: true

module PwbCrm
  class Integration
    # A remote that asks for a pause gets one: from all of its integration's deliveries, which keep their places and
    # are none the worse for it. No worker waits for it.
    #
    # @api private
    module Throttling
      # A remote that asks for more seconds is asked again all the same.
      LONGEST_ASKED = 24 * 3600
      # From so many refusals in a row on that name no time, the allowance of a day is likely used up.
      MANY = 6
      # Seconds of our own choice then.
      LONG = 3600
      # Seconds that pauses are spread over, so that not all integrations come back at once.
      SPREAD = 5

      # Pauses if one of these outcomes says that the remote wants it.
      #
      # @param outcomes [Array<Outcome>] of one slice
      # @return [void]
      def slow_down_for(outcomes)
        asking = outcomes.filter_map(&:error).select { |error| error.attempted? && throttled_by?(error) }
        return recover_from_throttling(outcomes) if asking.empty?

        times = outcomes.any?(&:success?) ? 1 : throttled + 1
        pause(asking, throttle_seconds(asking, times), times)
      end

      # @param error [Error, nil]
      # @return [Boolean] whether the remote asks for a pause, which is nothing about the record. Where the tokens could
      #   not be renewed for it, that has been seen to
      def throttled_by?(error)
        return false if error.nil? || error.code == Error::NO_TOKENS

        error.is_a?(RateLimitError) || (error.is_a?(RemoteError) && !error.retry_after.nil?)
      end

      private

      def recover_from_throttling(outcomes)
        return unless throttled.positive? && outcomes.any?(&:success?)

        self.class.where(id:).note(throttled: 0)
        reload
      end

      def pause(asking, seconds, times)
        hold_off(seconds, throttle_reason(asking.first, times), code: "limits", throttled: times)
        Budget.block(budget_account, seconds) if PwbCrm.config.keep_to_limits
        Events.emit(:limit, **Events.of(self), seconds: seconds.round(1), reason: :asked,
                                               status: asking.first.status)
      end

      # Where it names no time each pause is twice as long, by chance up to a half longer.
      def throttle_seconds(asking, times)
        asked = asking.filter_map(&:retry_after).max
        return asked.clamp(1, LONGEST_ASKED) + (rand * SPREAD) if asked

        times < MANY ? first_pauses(times) : LONG + (rand * SPREAD)
      end

      def first_pauses(times) = [PwbCrm.config.throttle_pause * (2**(times - 1)), LONG].min * (1 + (rand / 2))

      def throttle_reason(error, times)
        told = ["The remote asks for a pause", (" (HTTP #{error.status})" if error.status)].join
        return "#{told}." if error.retry_after || times < MANY

        "#{told}, #{times} times in a row: its allowance for the day may be used up."
      end
    end
  end
end
