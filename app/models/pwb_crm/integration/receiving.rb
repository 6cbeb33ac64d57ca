# frozen_string_literal: true

module PwbCrm
  class Integration
    # What it takes to be told by the remote what has changed there.
    module Receiving
      extend ActiveSupport::Concern

      included do
        # Whatever keeps them from sending does not keep them from being told.
        scope :receiving, -> { active.here.where(disconnected_at: nil) }
        validate :inbound_can_be_verified, if: -> { changed.intersect?(%w[platform config settings]) }
      end

      # What Rails does not log: the statement has the key in it.
      UNLOGGED = "SCHEMA"
      private_constant :UNLOGGED

      # Class methods of {Integration}.
      module ClassMethods
        # @api private
        # @param key [String]
        # @param platform [String]
        # @return [Integration, nil] the one that is told things under this key
        # @raise [ActiveRecord::ActiveRecordError]
        def with_key(key, platform:)
          found = receiving.where(key:, platform:).limit(1)
          row = Sql::Patience.limit(Inbound::PATIENCE) do
            with_connection { |connection| connection.select_all(found.arel, UNLOGGED) }.first
          end
          row && instantiate(row)
        end
      end

      # @return [String] where the remote has to send to, below the app's own address; a secret
      # @raise [ConfigurationError] where the host has drawn no routes for it
      def webhook_path = Routing.path(self)

      private

      # A secret that verifies nothing would be told by the first event that is refused, and so lost.
      def inbound_can_be_verified
        return unless Providers.known?(platform) && readable?

        Inbound::Networks.of(self)
        provider.check_inbound
      rescue ConfigurationError => e
        errors.add(:base, e.message)
      rescue StandardError => e
        Asking.tell(provider, :check_inbound, e)
      end
    end
  end
end
