# frozen_string_literal: true

module PwbCrm
  module Providers
    # What every platform can do. A subclass says what it needs ({#missing_config}), how to speak to
    # the remote ({#build_client}), and how to renew its tokens, if it has any.
    class Base
      autoload :Delivering, "pwb_crm/providers/base/delivering"
      autoload :Pacing, "pwb_crm/providers/base/pacing"
      autoload :Parting, "pwb_crm/providers/base/parting"
      autoload :Receiving, "pwb_crm/providers/base/receiving"

      include Delivering
      include Pacing
      include Parting
      include Receiving

      # Works of one {#push}, where nothing else is said.
      SLICE = 10
      # And where the remote is slow: a client of this gem sends about as many at once.
      SMALL_SLICE = 5

      # @return [Integration]
      attr_reader :integration

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # How many deliveries go into one {#push}, whose results are then written down together. For an API
      # that takes many records in one request it is as many as that, or as go in all the requests that may be
      # under way at once. Where each record is a call of its own a worker that dies leaves all of them in doubt,
      # so there are few.
      #
      # @return [Integer]
      def slice = SLICE

      # How few they are while the remote is slow: fewer would come back no sooner.
      #
      # @return [Integer] never more than {#slice}
      def small_slice = slice > SLICE ? slice : [slice, SMALL_SLICE].min

      # @return [Object, nil] what answers `sync(works, within:)`, for example a {ZohoClient}; nil where
      #   the provider has a {#push} of its own
      # @raise [ConfigurationError] when the config does not do
      def client = @client ||= build_client

      # Sends, and answers one outcome for each work.
      #
      # @param works [Array<Hash>]
      # @param within [Numeric] seconds for all of them; after that nothing more is sent. The clients of this
      #   gem keep to it by themselves here, whatever they are told
      # @return [Array<Outcome>] by key, in any order
      # @raise [Error] when nothing was sent at all
      def push(works, within:)
        raise ConfigurationError, "#{self.class} has to define build_client or push." unless client

        client.sync(works, within:)
      end

      # @return [Boolean] whether {#push} knows the action "erase". Otherwise none comes to it: the receipt tells that
      #   the record is left there, for somebody to erase by hand
      def erases? = false

      # @return [Boolean] whether {#push} deletes at the remote what the app has deleted, rather than keep it there. If
      #   so, none comes to it of a person whom others have there, too
      def deletes? = true

      # @return [Array<String>] what the integration's config lacks
      def missing_config = []

      # @return [Array<String>, nil] the names its integration's `settings` may have; nil for any
      def known_settings = nil

      # @return [Array<String>] the kinds of records with which the remote is given the person behind them, where it has
      #   not been given them yet: a resync counts those, too
      def people_with = []

      # @param _config [Hash{String => Object}] of an integration
      # @return [String, nil] which account of the platform it leads to, as far as it says; when that changes, what is
      #   known of the remote's records is forgotten
      def account(_config) = nil

      # @return [Boolean] whether there is a refresh token to renew the access token with
      def refreshable? = false

      # @return [Hash] new tokens
      # @raise [Error]
      def refresh = raise(AuthenticationError, "#{integration.label} has no refresh token.")

      # @return [String, nil] the key under which a record's JSON `details` mirror the remote id
      def mirror_key = nil

      # @param _error [Error]
      # @return [Boolean] whether the remote asks us never to come back
      def gone?(_error) = false

      # What {#push} would do, without a request: as the client says, or else by what is linked already.
      #
      # @param works [Array<Hash>]
      # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it cannot be sent
      # @raise [ConfigurationError] when the config does not do
      def preview(works)
        return client.preview(works) if client.respond_to?(:preview)

        works.to_h { |work| [work[:key], work[:link] ? :update : :create] }
      end

      # Fields are hashed under a key of their own for each integration, so that hashes of one tenant
      # say nothing about another's. Another app secret makes all fields unknown: they are sent again.
      #
      # @api private
      # @return [String]
      def shadow_key = Hmac.hex("shadow", integration.key)

      private

      def build_client = nil

      def config = integration.config

      def settings = integration.settings.is_a?(Hash) ? integration.settings : {}

      def lacking(names) = names.reject { |name| config[name].present? }
    end
  end
end
