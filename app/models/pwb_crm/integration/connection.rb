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

      # What a provider raises meanwhile is told once.
      #
      # @return [Boolean]
      def save(**, &) = Asking.once { super }

      # @return [true]
      # @raise [ActiveRecord::RecordInvalid]
      def save!(**, &) = Asking.once { super }

      private

      # What is incomplete may be saved, and so may what has yet to fetch its first access token.
      def connectable?
        return false unless Providers.known?(platform) && readable? && missing_config.none?

        config["access_token"].present? || !renewable?
      end

      # A mistyped name would be taken for a choice not made.
      def settings_are_known
        known = known_settings or return
        unknown = settings.is_a?(Hash) ? settings.keys.map(&:to_s) - known : []
        errors.add(:settings, "has no #{unknown.join(", ")}; known are #{known.join(", ")}") if unknown.any?
      end

      def known_settings = Asking.call(provider, :known_settings) { |names| names&.union(provider.inbound_settings) }

      def client_can_be_built
        provider.client
      rescue ConfigurationError, BlockedAddressError => e
        attribute, fault = e.message.match(/\A(settings): (.+)/m)&.captures
        errors.add(attribute || :base, fault || e.message)
      rescue StandardError => e
        # The first turn stops it, and says so.
        Asking.tell(provider, :client, e)
      end
    end
  end
end
