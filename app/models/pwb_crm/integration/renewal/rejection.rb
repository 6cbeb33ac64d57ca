# frozen_string_literal: true

module PwbCrm
  class Integration
    class Renewal
      # What follows when the remote refuses tokens that were renewed because it had refused others. An administrator
      # may have ended them that moment, the process may have stood still for longer than they live, or the remote may
      # not know of them yet: it goes on later, with others. People are asked once tokens that cannot have ended are
      # refused again and again.
      #
      # @api private
      class Rejection
        # Seconds until it goes on after each time, and up to {SPREAD} more at random; after the last people are asked.
        PAUSES = [60, 600].freeze
        SPREAD = 60
        private_constant :PAUSES, :SPREAD

        # @param integration [Integration]
        # @param error [Error] the remote's refusal
        def initialize(integration, error)
          @integration = integration
          @error = error
          @times = integration.tokens_refused + (integration.tokens_fresh? ? 1 : 0)
        end

        # @return [Error] with which the refused ones wait
        def call
          return @error if @times > PAUSES.size

          @integration.hold_off(pause, reason, code: "tokens", tokens_refused: @times)
          ConflictError.new(@error.message, code: Error::NO_TOKENS, status: @error.status, sent: @error.sent)
        end

        private

        def pause = PAUSES[[@times - 1, 0].max] + (rand * SPREAD)

        def reason = "The remote refuses an access token that it has just granted: #{@error.message}"
      end
    end
  end
end
