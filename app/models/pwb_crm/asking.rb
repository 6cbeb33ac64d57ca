# frozen_string_literal: true

module PwbCrm
  # Asks a provider, which may be the host's own, what must not stand in the way of what goes on: a worker's turn, a
  # form that is saved. What it raises is told about and counts as nothing said.
  #
  # @api private
  module Asking
    # What was told in this turn.
    TOLD = :pwb_crm_asking_told
    private_constant :TOLD

    class << self
      # Tells each fault once, whoever asks within and however often.
      #
      # @yieldreturn [Object]
      # @return [Object] what the block gives
      def once
        before = state[TOLD]
        state[TOLD] ||= Set.new
        yield
      ensure
        state[TOLD] = before
      end

      # @param provider [Providers::Base]
      # @param name [Symbol] of its method
      # @param otherwise [Object] what counts where it raises
      # @yieldparam answer [Object] what it says
      # @yieldreturn [Object] that, as it is needed; what this raises is the provider's fault, too
      # @return [Object]
      def call(provider, name, *, otherwise: nil)
        answer = provider.public_send(name, *)
        block_given? ? yield(answer) : answer
      rescue StandardError => e
        tell(provider, name, e)
        otherwise
      end

      # @param provider [Providers::Base]
      # @param name [Symbol]
      # @param error [StandardError]
      # @return [nil]
      def tell(provider, name, error)
        told = state[TOLD]
        return if told && !told.add?([provider.integration.id, name])

        integration = provider.integration
        Report.call(error, doing: "asking #{provider.class} of #{integration.label} for its #{name}",
                           about: Events.of(integration))
        nil
      end

      private

      def state = ActiveSupport::IsolatedExecutionState
    end
  end
end
