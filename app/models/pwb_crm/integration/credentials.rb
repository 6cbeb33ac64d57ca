# frozen_string_literal: true

module PwbCrm
  class Integration
    # What it takes to speak to the remote, encrypted. `config` has everything under the plain names
    # (subdomain, email, api_token, api_domain, webhook_secret, custom_fields, …); the tokens, which
    # rotate, live in a column of their own and are merged in when it is read.
    module Credentials
      extend ActiveSupport::Concern

      # What rotates, and has a column of its own.
      TOKENS = %w[access_token refresh_token token_expires_at].freeze

      # Encrypted columns.
      SECRETS = %w[config tokens webhook_url].freeze

      included do
        attribute :config, :json, default: -> { {} }
        attribute :tokens, :json, default: -> { {} }
        encrypts :config
        encrypts :tokens

        prepend Access
        before_validation :generate_webhook_secret, if: -> { custom? && readable? }
        before_update :claim_token_version, if: :tokens_changed?
      end

      # Above the readers and writers that `attribute` defines.
      module Access
        # @return [Hash{String => Object}] a frozen copy: assign a new Hash to change it
        def config = (super || {}).merge(tokens).freeze

        # @return [Hash{String => Object}] what {Vault} keeps
        def tokens = super || {}

        # Takes everything but the tokens of a connected integration: a form that was loaded before a
        # refresh must not write the old ones back. {Vault#connect!} replaces those.
        #
        # @param value [Hash]
        def config=(value)
          discard_unreadable
          offered, plain = value.to_h.deep_stringify_keys.partition { |name, _| TOKENS.include?(name) }.map(&:to_h)
          self.tokens = offered if offered.any? && tokens.empty?
          super(plain)
        end

        # @param value [String, nil]
        def webhook_url=(value)
          discard_unreadable
          super
        end
      end

      # @return [Boolean] whether the app's encryption keys open what is stored
      def readable? = SECRETS.all? { |name| opens?(name) }

      # @return [Array<String>] what is missing before anything can be sent
      def missing_config = Asking.call(provider, :missing_config, otherwise: []) { |names| Array(names) }

      private

      def opens?(name)
        _read_attribute(name)
        true
      rescue ActiveRecord::Encryption::Errors::Base
        false
      end

      # What no key opens is written over. Comparing it with a new value would fail, so it counts as
      # empty from here on; Rails has no public way to say so.
      def discard_unreadable
        SECRETS.reject { |name| opens?(name) }.each do |name|
          @attributes.write_from_database(name, nil)
          attribute_will_change!(name)
        end
      end

      def generate_webhook_secret
        return if config["webhook_secret"].present?

        self.config = config.merge("webhook_secret" => "whsec_#{SecureRandom.base64(32)}")
      end

      # Two first connections at once: the later one has to start over from what the earlier one wrote.
      def claim_token_version
        free = self.class.where(id:, token_version:).note(token_version: token_version + 1)
        raise ActiveRecord::StaleObjectError.new(self, "store the tokens of") if free.zero?

        self.token_version += 1
      end
    end
  end
end
