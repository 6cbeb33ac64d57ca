# frozen_string_literal: true

module PwbCrm
  class Integration
    class Renewal
      # What follows when there are no new tokens: nothing, if somebody else has stored some; else the
      # integration stands still, for a while or until people have done something. Deliveries wait, uncounted.
      #
      # @api private
      class Refusal
        # Seconds until a fault on the way is tried again, and as much again at random.
        PAUSE = 60
        # Seconds until the next try after an answer that nobody understands.
        LONG_PAUSE = 600
        # How often a remote may refuse in words that nobody knows before it is taken at its word.
        TRIES = 3

        # What another process was told a moment ago holds for this one, too.
        #
        # @param integration [Integration] as it is now
        # @raise [Error] instead of asking the remote again
        def self.check(integration)
          reason = integration.state_reason
          raise AuthenticationError, reason if integration.state == "reconnect"
          return unless integration.held_off?

          text = "The tokens of #{integration.label} are not renewed now. #{reason}"
          raise ConflictError, text
        end

        # @param integration [Integration]
        # @param error [Error]
        def initialize(integration, error)
          @integration = integration
          @error = error
          @version = integration.token_version
        end

        # @return [void] if somebody else has stored newer tokens
        # @raise [Error]
        def call
          integration.reload
          follow unless overtaken?
          raise @error unless overtaken?
        end

        private

        attr_reader :integration

        def overtaken? = integration.token_version != @version

        def follow
          count if unknown_word?
          return integration.reconnect!(@error) if @error.reconnect?
          return integration.stop!(stopped) if @error.is_a?(ConfigurationError) || @error.is_a?(BlockedAddressError)

          integration.hold_off(pause, "Its tokens could not be renewed: #{@error.message}", code: "tokens")
        end

        # A refusal in a word that is not in the catalogue, not a breakdown.
        def unknown_word? = @error.kind == :remote && @error.code.present? && @error.status.to_i.between?(200, 499)

        def count
          Integration.where(id: integration.id).note(renewals_refused: integration.renewals_refused + 1)
          @error = final if integration.reload.renewals_refused >= TRIES
        end

        def final
          text = "The remote refused #{TRIES} times in a row to renew the tokens (#{@error.code})"
          AuthenticationError.new(text, code: @error.code, status: @error.status, sent: :yes)
        end

        def stopped = "#{@error.message.chomp(".")}. Deliveries wait: correct it, then resume the integration."

        def pause
          return LONG_PAUSE if unknown_word?

          asked = @error.retry_after&.clamp(1, Throttling::LONGEST_ASKED) || PAUSE
          asked + (rand * PAUSE)
        end
      end
    end
  end
end
