# frozen_string_literal: true

module PwbCrm
  class Integration
    # Stopping an integration, by people or because its remote will refuse everything else, too, so that
    # its deliveries wait instead of becoming dead letters.
    module Haltable
      # Keeps it from sending until {#resume!}.
      #
      # @param reason [String] for people
      # @return [void]
      def pause!(reason) = halt("paused", reason)

      # Keeps it from sending until its config, tokens, settings or address change.
      #
      # @param reason [String] for people: what happened, and what to do
      # @return [void]
      def stop!(reason) = halt("stopped", reason)

      # @return [void]
      def resume!
        update!(state: "ready", state_reason: nil, paused_until: nil)
      end

      # @param error [Error] the remote's refusal
      # @return [void]
      def reconnect!(error)
        halt("reconnect", "#{error.message.chomp(".")}. Connect the account again; deliveries wait until then.")
      end

      # Stops if one of these errors says that nothing else will get through, either.
      #
      # @param errors [Array<Error>]
      # @return [void]
      def halt_on(errors)
        error = errors.find { |one| final?(one) }
        return unless error && deliverable?

        error.reconnect? ? reconnect!(error) : stop!(gone(error))
      end

      # @param error [Error, nil]
      # @return [Boolean] whether this error is why it stands still
      def halted_by?(error)
        error.present? && !deliverable? && (final?(error) || error.is_a?(ConfigurationError))
      end

      private

      # Without the optimistic lock: a form that is open meanwhile must not keep us from stopping.
      def halt(state, reason)
        values = { state:, state_reason: Snapshot::Scrub.call(reason), updated_at: Time.current }
        self.class.where(id:).note(values)
        reload
      end

      def final?(error) = error.reconnect? || provider.gone?(error)

      def gone(error)
        "#{error.message.chomp(".")}. The receiver asks us to stop, so the integration is paused: give it a new " \
          "address, or resume it. Deliveries wait until then."
      end
    end
  end
end
