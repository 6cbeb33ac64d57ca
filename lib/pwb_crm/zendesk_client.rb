# frozen_string_literal: true

module PwbCrm
  # One account's Zendesk Support.
  #
  # Frozen and usable from any thread, fiber or Ractor, and after a fork; see {ZohoClient}.
  #
  # @example
  #   zendesk = PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: token)
  class ZendeskClient
    # What {#initialize} takes as settings.
    SETTINGS = %w[deletes custom_fields user_fields ticket_status ticket_priority tags].freeze

    # @param subdomain [String] the part before .zendesk.com
    # @param access_token [String, nil] an OAuth access token; this, or email and api_token
    # @param email [String, nil] an agent's e-mail address, with api_token
    # @param api_token [String, nil] an API token. Zendesk makes no new ones since 2026-10-27 and
    #   refuses all from 2027-04-30 (Zendesk: Migrating from API tokens to OAuth)
    # @param timeout [Numeric, nil] seconds for a whole request; default `config.timeout` (30)
    # @param open_timeout [Numeric, nil] seconds to connect; default `config.open_timeout` (10)
    # @param proxy [String, nil] an HTTP proxy that requests go through; default `config.proxy` (none)
    # @param ca_file [String, Pathname, nil] a PEM file of authorities to trust besides the system's; default
    #   `config.ca_file` (none)
    # @param concurrency [Integer, nil] requests that {#sync} has under way at once, 1 to 32; default 1
    # @param settings [Hash] what the tenant chose: `deletes` ("keep" or "delete"), `custom_fields`
    #   (property_reference, ticket_number and pwb_website to the ids of ticket fields), `user_fields`
    #   (website and pwb_contact_id to the keys of user fields), `ticket_status` and
    #   `ticket_priority` (host's word to Zendesk's), `tags`
    # @param shadow_key [String, nil] at least 16 bytes, the key of the hashes in {Outcome#shadow}
    # @raise [ConfigurationError] for a missing or malformed option; nothing is ever sent then
    def initialize(subdomain:, access_token: nil, email: nil, api_token: nil, timeout: nil, open_timeout: nil,
                   proxy: nil, ca_file: nil, concurrency: nil, settings: {}, shadow_key: nil)
      options = Place.options(subdomain, timeout:, open_timeout:, proxy:, ca_file:, concurrency:)
      @timeout = options["limits"]["timeout"]
      @native = Native::ZendeskClient.new(
        options.merge(Credentials.options(access_token, email, api_token)),
        ClientOptions.settings(settings, SETTINGS), ClientOptions.shadow_key(shadow_key)
      ).freeze
      freeze
    end

    # Brings records of the host to Zendesk: a contact becomes a user; a message or a support ticket
    # becomes a ticket of its person, who is made first where Zendesk does not know them.
    #
    # @param works [Array<Hash>] see {ZohoClient#sync}
    # @param within [Numeric, nil] seconds for all of them; after that nothing more is sent
    # @return [Array<Outcome>] in the order of `works`
    # @raise [ConfigurationError] for a work that is malformed, by its key; nothing was sent then
    def sync(works, within: nil)
      Runner.run(flow_of(works), timeout: @timeout, within:)
    end

    # Tells what {#sync} would do with these works, without a request: a record that the remote may find by itself
    # counts as one to be made.
    #
    # @param works [Array<Hash>] see {ZohoClient#sync}
    # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it would not be sent
    def preview(works) = Preview.of(works) { |one| flow_of(one) }

    # Tells which fields {#sync} would send of these works, without a request: of records that are linked, those that
    # the remote is not known to hold.
    #
    # @param works [Array<Hash>] see {ZohoClient#sync}
    # @return [Hash{String => Array<String>}] by key: the names of the fields in the first request
    # @raise [ConfigurationError] for a work that is malformed, by its key
    def changes(works) = Preview.changes(works) { |one| flow_of(one) }

    # Gets the next pair of tokens. Zendesk ends the old pair at once, so store the new one before
    # anything else (Zendesk Support: refresh tokens).
    #
    # @param subdomain [String]
    # @param refresh_token [String]
    # @param client_id [String] default `config.zendesk_client_id`
    # @param client_secret [String] default `config.zendesk_client_secret`
    # @return [Hash{Symbol => Object}] access_token, refresh_token, scope, and expires_in and
    #   refresh_token_expires_in in seconds where Zendesk sends them
    # @raise [AuthenticationError] when the refresh token is dead: connect the account again
    # @raise [Error] for what else went wrong; one that is `sent: :maybe` may have cost the pair
    def self.refresh(subdomain:, refresh_token:, client_id: nil, client_secret: nil)
      options = Place.options(subdomain).merge(Credentials.client(client_id, client_secret))
      options["refresh_token"] = ClientOptions.secret("The Zendesk refresh token", refresh_token)
      flow = Native::ZendeskClient.refresh(options)
      Runner.run(flow, timeout: options["limits"]["timeout"]).first
    end

    class << self
      # Ends an access token and the refresh token that came with it.
      #
      # @param subdomain [String]
      # @param access_token [String]
      # @return [true]
      # @raise [AuthenticationError] when Zendesk does not know it, because it has ended
      # @raise [Error] when Zendesk could not be reached or failed
      def revoke(subdomain:, access_token:)
        ask(:revoke, Place.options(subdomain).merge(Credentials.options(access_token, nil, nil)))
      end

      # Deletes a webhook, or a trigger that sends to one. One that is not there any more counts as deleted.
      #
      # @param type [String] "webhook" or "trigger"
      # @param id [String]
      # @param subdomain [String]
      # @param access_token [String, nil] this, or email and api_token
      # @return [true]
      # @raise [Error]
      def remove_hook(type:, id:, subdomain:, access_token: nil, email: nil, api_token: nil)
        options = signed_in(subdomain, access_token, email, api_token)
        ask(:remove_hook, options, ClientOptions.text("type", type), ClientOptions.text("id", id))
      end

      # Deletes the webhooks that send to an address, whoever made them. One that Zendesk will not delete, because a
      # trigger uses it, does not keep the others.
      #
      # @param to [String] what their address has in it and no other has: at least 32 characters
      # @param subdomain [String]
      # @param access_token [String, nil] this, or email and api_token
      # @return [true]
      # @raise [ConfigurationError] for a shorter one
      # @raise [Error]
      def remove_webhooks(to:, subdomain:, access_token: nil, email: nil, api_token: nil)
        options = signed_in(subdomain, access_token, email, api_token)
        ask(:remove_webhooks_to, options, ClientOptions.text("to", to))
      end

      private

      def signed_in(subdomain, *credentials) = Place.options(subdomain).merge(Credentials.options(*credentials))

      def ask(what, options, *more)
        Runner.run(Native::ZendeskClient.public_send(what, options, *more),
                   timeout: options["limits"]["timeout"]).first
      end
    end

    # Where the account is.
    # @api private
    module Place
      # A label of a host name, so that no setting leads a credential elsewhere.
      SUBDOMAIN = /\A[a-z0-9][a-z0-9_-]{0,62}\z/i

      def self.options(subdomain, **network)
        subdomain = Argument.text(subdomain, "subdomain")
        unless subdomain.match?(SUBDOMAIN)
          raise ConfigurationError, "subdomain must be only the part before .zendesk.com, for example \"acme\" " \
                                    "(letters, digits, - and _)."
        end
        { "subdomain" => subdomain, "base_url" => ClientOptions.base_url(:zendesk_base_url),
          "limits" => ClientOptions.limits(**network) }
      end
    end

    # How to sign in.
    # @api private
    module Credentials
      class << self
        # @return [Hash] exactly one of the two ways
        def options(access_token, email, api_token)
          bearer, agent = [access_token, email || api_token].map { |given| !nil.equal?(given) }
          if bearer == agent
            raise ConfigurationError, "Give either access_token, or email and api_token: " \
                                      "#{bearer ? "both are" : "none is"} there."
          end
          return { "access_token" => ClientOptions.secret("The Zendesk access token", access_token) } if bearer

          { "email" => ClientOptions.text("email", email),
            "api_token" => ClientOptions.secret("The Zendesk API token", api_token) }
        end

        def client(id, secret)
          { zendesk_client_id: id, zendesk_client_secret: secret }.to_h do |name, given|
            [name.to_s.delete_prefix("zendesk_"), ClientOptions.secret(name, given || ClientOptions.default(name))]
          end
        end
      end
    end
    private_constant :Place, :Credentials

    private

    def flow_of(works) = WorkInput.hand_over(works) { |plain| @native.sync(plain) }
  end
end
