# frozen_string_literal: true

module PwbCrm
  # Stops an integration whose remote will refuse everything else, too, so that its deliveries wait
  # instead of becoming dead letters.
  class Halt
    # @param integration [Integration]
    def initialize(integration)
      @integration = integration
      @provider = integration.provider
    end

    # @param errors [Array<Error>] of one slice
    # @return [void]
    def consider(errors)
      error = errors.find { |one| fatal?(one) }
      return unless error && integration.deliverable?

      error.reconnect? ? integration.reconnect!(error) : integration.stop!(gone(error))
    end

    # @param error [Error, nil]
    # @return [Boolean] whether this error is why the integration stands still
    def caused_by?(error)
      error.present? && !integration.deliverable? && (fatal?(error) || error.is_a?(ConfigurationError))
    end

    private

    attr_reader :integration, :provider

    def fatal?(error) = error.reconnect? || provider.gone?(error)

    def gone(error)
      "#{error.message.chomp(".")}. The receiver asks us to stop, so the integration is paused: give it a new " \
        "address, or resume it. Deliveries wait until then."
    end
  end
end
