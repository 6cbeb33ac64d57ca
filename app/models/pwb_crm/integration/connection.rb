# frozen_string_literal: true

module PwbCrm
  class Integration
    # Whether its columns make a connection. What cannot work is told while the form is open, not by the
    # first delivery; nothing is sent for it.
    #
    # @api private
    module Connection
      extend ActiveSupport::Concern

      # What a provider makes its client of.
      COLUMNS = %w[platform config tokens settings webhook_url].freeze

      included do
        validate :settings_are_known, if: -> { changed.intersect?(%w[platform settings]) && Providers.known?(platform) }
        validate :client_can_be_built, if: -> { changed.intersect?(COLUMNS) && errors.none? && connectable? }
      end

      private

      # What is incomplete may be saved, and so may what has yet to fetch its first access token.
      def connectable?
        return false unless Providers.known?(platform) && readable? && missing_config.none?

        config["access_token"].present? || !provider.refreshable?
      end

      # A mistyped name would be taken for a choice not made.
      def settings_are_known
        known = provider.known_settings&.union(provider.inbound_settings) or return
        unknown = settings.is_a?(Hash) ? settings.keys.map(&:to_s) - known : []
        errors.add(:settings, "has no #{unknown.join(", ")}; known are #{known.join(", ")}") if unknown.any?
      end

      def client_can_be_built
        provider.client
      rescue ConfigurationError, BlockedAddressError => e
        attribute, fault = e.message.match(/\A(settings): (.+)/m)&.captures
        errors.add(attribute || :base, fault || e.message)
      end
    end
  end
end
