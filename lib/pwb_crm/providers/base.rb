# frozen_string_literal: true

require "openssl"

module PwbCrm
  module Providers
    # What every platform can do. A subclass says what it needs ({#missing_config}), how to speak to
    # the remote ({#build_client}), and how to renew its tokens, if it has any.
    class Base
      # Works of one {#push}, where nothing else is said.
      SLICE = 10

      # @return [Integration]
      attr_reader :integration

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # Delivers a contact at once, after what is waiting to be sent about it.
      #
      # @param contact [ActiveRecord::Base] of the configured contact class
      # @return [Outcome] skipped, with a reason, where it is queued or not sent at all
      # @raise [ConfigurationError] for a record of another class
      def sync_contact(contact) = deliver_now(contact, "contact")

      # Delivers an enquiry at once, its contact first.
      #
      # @param message [ActiveRecord::Base] of the configured message class
      # @return [Outcome] skipped, with a reason, where it is queued or not sent at all
      # @raise [ConfigurationError] for a record of another class
      def sync_message(message) = deliver_now(message, "message")

      # Delivers a support ticket at once.
      #
      # @param ticket [ActiveRecord::Base] of the configured support ticket class
      # @return [Outcome] skipped, with a reason, where it is queued or not sent at all
      # @raise [ConfigurationError] for a record of another class
      def sync_support_ticket(ticket) = deliver_now(ticket, "support_ticket")

      # Delivers a reply in a support ticket at once, its ticket first.
      #
      # @param comment [ActiveRecord::Base] of the configured comment class
      # @return [Outcome] skipped, with a reason, where it is queued or not sent at all, as an internal note is
      # @raise [ConfigurationError] for a record of another class
      def sync_ticket_message(comment) = deliver_now(comment, "comment")

      # How many deliveries go into one {#push}, whose results are then written down together. For an API
      # that takes many records in one request it is as many as that. Where each record is a call of its
      # own a worker that dies leaves all of them in doubt, so there are few.
      #
      # @return [Integer]
      def slice = SLICE

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

      # @return [Array<String>] what the integration's config lacks
      def missing_config = []

      # @return [Array<String>, nil] the names its integration's `settings` may have; nil for any
      def known_settings = nil

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

      # What the remote allows, as its integration's settings tell; nothing is limited by default.
      #
      # @param _seen [Hash{String => Integer}] limits that replies have told, by bucket
      # @return [Limits]
      def limits(_seen = {}) = Limits::NONE

      # The lines in which deliveries wait for their turn: kinds of records, and what each of them takes at least of the
      # limits, by bucket.
      #
      # @return [Array<Array(Array<String>, Hash{String => Integer})>]
      def lanes = [[Kinds.all, {}]]

      # @param _kind [String] of a record
      # @return [Numeric, nil] seconds to let pass between two writes of one record; nil for none
      def gap(_kind) = nil

      # @param _work [Hash] one that is to be pushed
      # @return [Hash{String => String, nil}] what it writes of which the remote takes only so many writes in a period,
      #   a ticket or a person, by the limit's name, see {Limits#targets}
      def targets(_work) = {}

      # @param _work [Hash] one that is to be pushed
      # @return [Hash{String => Integer}] what it takes of each limit, by its bucket, as far as can be told before
      def cost(_work) = {}

      # @param _call [Outcome::Call] one that was made
      # @return [Hash{String => Integer}] what it took of each limit, by its bucket
      def charge(_call) = {}

      # @param _call [Outcome::Call] one that was made
      # @return [Hash{String => Hash{Symbol => Numeric}}] what its answer told of each limit, by its bucket: `limit`,
      #   `remaining`, `reset` (seconds until then)
      def readings(_call) = {}

      # @param _config [Hash{String => Object}] of an integration
      # @return [String, nil] the account whose limits it shares with other integrations, as far as its config tells;
      #   nil where it has its own. It is believed once the remote has taken a call
      def account_key(_config) = nil

      # Says whose account its credentials open; asked once the remote has taken a call with them.
      #
      # @param _options [Hash] `within` (Numeric), the seconds for it
      # @return [String, nil] by default what its config tells, see {#account_key}
      # @raise [Error] when the remote could not say; it is asked another time
      def identify(**_options) = account_key(config)

      # What {#push} would do, without a request: as the client says, or else by what is linked already.
      #
      # @param works [Array<Hash>]
      # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it cannot be sent
      # @raise [ConfigurationError] when the config does not do
      def preview(works)
        return client.preview(works) if client.respond_to?(:preview)

        works.to_h { |work| [work[:key], work[:link] ? :update : :create] }
      end

      # @return [Array<String>] the names of `settings` that are about what comes in, for all platforms
      def inbound_settings = %w[source_networks]

      # Looks at what {#verify_inbound} goes by, where there is something.
      #
      # @return [void]
      # @raise [ConfigurationError] when it will not do
      def check_inbound = nil

      # @param _raw [String] the body of an inbound request, as it came
      # @param _headers [Hash{String => String}] with names in lower case
      # @return [Boolean] whether the remote has sent it; compared in constant time
      def verify_inbound(_raw, _headers) = false

      # @param _raw [String] as above, verified
      # @param _headers [Hash{String => String}] as above
      # @return [Enumerable<Inbound::Entry>] what it tells: one for each event, of which so many are read as are taken
      # @raise [ValidationError] when it cannot be read
      def read_inbound(_raw, _headers) = []

      # @param _event [InboundEvent]
      # @return [Inbound::Change, nil] what it tells of a record; nil for one that is of no interest
      def interpret(_event) = nil

      # @return [Hash{String => Object}] what {#revoke} and {#remove_hooks} need, once the credentials are dropped; with
      #   an `address` {#remove_hooks_to} is asked, too
      def farewell = {}

      # Takes the credentials back at the remote.
      #
      # @param _farewell [Hash{String => Object}]
      # @return [void]
      # @raise [Error]
      def revoke(_farewell) = nil

      # @return [Array<String>] what {#remove_hooks} can remove
      def hook_types = []

      # Removes the webhooks that were made at the remote.
      #
      # @param _hooks [Array<Hash>] type and id of each
      # @param _farewell [Hash{String => Object}]
      # @return [void]
      # @raise [Error]
      def remove_hooks(_hooks, _farewell) = nil

      # Removes the webhooks that nobody has noted, by the address that they send to.
      #
      # @param _address [String] the end of it, which no other integration has
      # @param _farewell [Hash{String => Object}]
      # @return [void]
      # @raise [Error]
      def remove_hooks_to(_address, _farewell) = nil

      # Fields are hashed under a key of their own for each integration, so that hashes of one tenant
      # say nothing about another's. Another app secret makes all fields unknown: they are sent again.
      #
      # @api private
      # @return [String]
      def shadow_key
        secret = Rails.application.key_generator.generate_key("pwb_crm shadow", 32)
        OpenSSL::HMAC.hexdigest("SHA256", secret, integration.key)
      end

      private

      def deliver_now(record, kind) = ImmediateDelivery.new(integration).call(record, kind)

      def build_client = nil

      # Requests under way at once: integrations on one account share what it allows.
      def concurrency
        all = limits.concurrency if PwbCrm.config.keep_to_limits
        all && [all / (integration.siblings.count + 1), 1].max
      end

      def config = integration.config

      def settings = integration.settings.is_a?(Hash) ? integration.settings : {}

      def lacking(names) = names.reject { |name| config[name].present? }
    end
  end
end
