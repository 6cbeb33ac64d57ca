# frozen_string_literal: true

module PwbCrm
  # One organisation's Zoho CRM, through version 8 of its REST API.
  #
  # Frozen and usable from any thread, fiber or Ractor, and after a fork. A Ractor needs all options
  # given explicitly, and {PwbCrm.eager_load!} called before.
  #
  # @example
  #   zoho = PwbCrm::ZohoClient.new(access_token: token, api_domain: "https://www.zohoapis.eu")
  #   zoho.upsert("Contacts", [{ first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" }])
  class ZohoClient
    # What {#initialize} takes as settings.
    SETTINGS = %w[
      enquirers deletes erase case_status case_priority case_origin lead_source property_reference_field
    ].freeze

    # Zoho's accounts server in the United States, which knows where an authorisation belongs.
    ACCOUNTS_SERVER = "https://accounts.zoho.com"

    # @param access_token [String] an OAuth access token; lives for one hour
    # @param api_domain [String] the `api_domain` of the token reply, for example
    #   "https://www.zohoapis.eu"; only hosts of Zoho's data centres are taken (Zoho CRM v8: Multi DC
    #   support), and with `config.allow_private_hosts` addresses of this machine
    # @param timeout [Numeric, nil] seconds for a whole request; default `config.timeout` (30)
    # @param open_timeout [Numeric, nil] seconds to connect; default `config.open_timeout` (10)
    # @param proxy [String, nil] an HTTP proxy that requests go through; default `config.proxy` (none)
    # @param ca_file [String, Pathname, nil] a PEM file of authorities to trust besides the system's; default
    #   `config.ca_file` (none)
    # @param concurrency [Integer, nil] requests that {#sync} has under way at once, 1 to 32; default 5
    # @param heavy [Integer, nil] heavy ones among them, which write more than ten records; Zoho takes 10 of an
    #   organisation at once, which is the default
    # @param settings [Hash] what the tenant chose: `enquirers` ("contact_and_note" or "lead"),
    #   `deletes` ("keep" or "delete"), `erase` ("delete" or "anonymise"), `case_status` and `case_priority` (host's
    #   word to Zoho's), `case_origin` ("Web"), `lead_source` ("Website Inquiry"), `property_reference_field` (API name)
    # @param shadow_key [String, nil] at least 16 bytes, the key of the hashes in {Outcome#shadow};
    #   without one, every field counts as changed the next time
    # @raise [ConfigurationError] for a missing or malformed option; nothing is ever sent then
    def initialize(access_token:, api_domain:, timeout: nil, open_timeout: nil, proxy: nil, ca_file: nil,
                   concurrency: nil, heavy: nil, settings: {}, shadow_key: nil)
      limits = ClientOptions.limits(timeout:, open_timeout:, proxy:, ca_file:, concurrency:, heavy:)
      @timeout = limits["timeout"]
      @native = Native::ZohoClient.new(
        { "access_token" => ClientOptions.secret("The Zoho access token", access_token),
          "api_domain" => Accounts.base_url || ClientOptions.text("api_domain", api_domain),
          "limits" => limits },
        ClientOptions.settings(settings, SETTINGS), ClientOptions.shadow_key(shadow_key)
      ).freeze
      freeze
    end

    # Adds or updates plain records of one module. Contacts and Leads are found by their e-mail
    # address, other modules by Zoho's default (Zoho CRM v8: Upsert records). A Contact without
    # e-mail address is added anew each time. 100 records make one request.
    #
    # @param module_name [String] the API name, for example "Contacts"
    # @param records [Array<Hash>] field to value; names in snake case ("first_name") or as the API
    #   has them ("First_Name"). Over-long texts of known fields are cut.
    # @param within [Numeric, nil] seconds for all of them; after that nothing more is sent
    # @return [Array<Outcome>] one for each record, in order, with its index as key; one record's
    #   failure is only its own
    # @raise [ConfigurationError] for a name that no module can have, and for a value that cannot be sent, by its
    #   place ("records[3].price")
    def upsert(module_name, records, within: nil)
      return [] if (records in Array) && records.empty?

      name = api_name(ClientOptions.text("module_name", module_name))
      run(Input.hand_over(records, "records") { |plain| @native.upsert(name, plain) }, within)
    end

    # Brings records of the host to Zoho: a contact becomes a Contact or a Lead, a message a Note
    # under its person, a support ticket a Case, a reply a Note under that. Of a linked record only the
    # fields that differ from its shadow are sent; a reply stays as it was sent. Up to 100 writes of one
    # kind make one request; one record's failure is only its own. What fails as a whole fails for each.
    #
    # @param works [Array<Hash>] deliveries:
    #   `key` (comes back in the outcome), `action` ("upsert", "delete" or "erase"), `record` (Hash with
    #   `kind` contact, message, support_ticket or comment, `id` and the fields), `website` (id, slug,
    #   name, url), `link` (external_type, external_id, shadow, mapping_version) or nil, `parent`
    #   (external_type, external_id of its person, or of a reply's ticket) or nil, `author` (the same of
    #   a reply's author) or nil, `doubt` (whether an earlier attempt may have arrived), `reference`,
    #   `event_id`, `occurred_at`
    # @param within [Numeric, nil] seconds for all of them; after that nothing more is sent
    # @return [Array<Outcome>] in the order of `works`
    # @raise [ConfigurationError] for a work that is malformed, by its key; nothing was sent then
    def sync(works, within: nil)
      flow = flow_of(works)
      in_order(flow.keys, run(flow, within))
    end

    # Tells what {#sync} would do with these works, without a request: a record that the remote may find by itself
    # counts as one to be made.
    #
    # @param works [Array<Hash>] as there
    # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it would not be sent
    def preview(works) = Preview.of(works) { |one| flow_of(one) }

    # Tells which fields {#sync} would send of these works, without a request: of records that are linked, those that
    # the remote is not known to hold.
    #
    # @param works [Array<Hash>] see {#sync}
    # @return [Hash{String => Array<String>}] by key: the names of the fields in the first request
    # @raise [ConfigurationError] for a work that is malformed, by its key
    def changes(works) = Preview.changes(works) { |one| flow_of(one) }

    # Asks whose account the access token opens. Takes the scope `ZohoCRM.org.READ`, and a credit.
    #
    # @param within [Numeric, nil] seconds for it
    # @return [String] the number of the organisation, the same for all its users and grants
    # @raise [PermissionError] when the scope was not granted
    # @raise [Error] when Zoho could not be reached, or refused
    def organisation(within: nil) = run(@native.organisation, within).first

    # Ends a notification channel, by which Zoho tells of changes. One that is not there any more counts as ended.
    # Takes the scope `ZohoCRM.notifications.DELETE`, and a credit.
    #
    # @param id [String] digits
    # @param within [Numeric, nil] seconds for it
    # @return [true]
    # @raise [ConfigurationError] for what cannot be an id
    # @raise [PermissionError] when the scope was not granted
    # @raise [Error] when Zoho could not be reached, or refused
    def remove_channel(id, within: nil) = run(@native.remove_channel(ClientOptions.text("id", id)), within).first

    class << self
      # Gets a new access token. Zoho grants ten in ten minutes for one refresh token (Zoho CRM v8:
      # Token validity), so do it once for all workers.
      #
      # @param refresh_token [String]
      # @param client_id [String] default `config.zoho_client_id`
      # @param client_secret [String] default `config.zoho_client_secret`
      # @param accounts_server [String] the one the OAuth callback named
      # @return [Hash{Symbol => Object}] access_token, expires_in (seconds), and refresh_token,
      #   api_domain and scope where Zoho sends them
      # @raise [AuthenticationError] when the refresh token is dead: connect the account again
      # @raise [RateLimitError] when too many were asked for
      # @raise [Error] for what else went wrong on the way
      def refresh(refresh_token:, accounts_server: ACCOUNTS_SERVER, client_id: nil, client_secret: nil)
        token = ClientOptions.secret("The Zoho refresh token", refresh_token)
        Accounts.ask(:refresh, token, accounts_server, [client_id, client_secret])
      end

      # Turns the code of an OAuth callback into tokens. The code lives for a minute and works once.
      #
      # @param code [String]
      # @param redirect_uri [String] the one the authorisation began with
      # @param accounts_server [String] the one the OAuth callback named; checked against the list
      # @return [Hash{Symbol => Object}] as {refresh}
      # @raise [AuthenticationError] when the code is used up or belongs to another data centre
      # @raise [Error] for what else went wrong on the way
      def exchange(code:, redirect_uri:, accounts_server: ACCOUNTS_SERVER, client_id: nil, client_secret: nil)
        token = ClientOptions.secret("The Zoho code", code)
        redirect_uri = Argument.text(redirect_uri, "redirect_uri")
        Accounts.ask(:exchange, token, accounts_server, [client_id, client_secret], redirect_uri:)
      end

      # Ends a refresh token, so that a disconnected account leaves none behind: Zoho keeps twenty of
      # a user and drops the oldest. A token that Zoho does not know counts as ended.
      #
      # @param token [String]
      # @param accounts_server [String]
      # @return [true]
      # @raise [Error] when Zoho could not be reached or failed
      def revoke(token:, accounts_server: ACCOUNTS_SERVER, client_id: nil, client_secret: nil)
        Accounts.ask(:revoke, ClientOptions.secret("The token", token), accounts_server, [client_id, client_secret])
      end
    end

    # Talks to Zoho's accounts server.
    # @api private
    module Accounts
      class << self
        # @return [String, nil] the address on this machine that plays Zoho
        def base_url = ClientOptions.base_url(:zoho_base_url)

        def ask(what, token, server, client, **more)
          limits = ClientOptions.limits
          options = {
            "accounts_server" => base_url || ClientOptions.text("accounts_server", server),
            "token" => token, "limits" => limits, **app(*client), **more.transform_keys(&:to_s)
          }
          flow = Native::ZohoClient.public_send(what, options)
          Runner.run(flow, timeout: limits["timeout"]).first
        end

        private

        def app(id, secret)
          { zoho_client_id: id, zoho_client_secret: secret }.to_h do |name, given|
            [name.to_s.delete_prefix("zoho_"), ClientOptions.secret(name, given || ClientOptions.default(name))]
          end
        end
      end
    end
    private_constant :Accounts

    private

    def api_name(name)
      return name if name.match?(/\A[A-Za-z][A-Za-z0-9_]*\z/)

      raise ConfigurationError, "module_name must be an API name such as Contacts, of letters, digits and " \
                                "underscores: see Setup > Developer Hub > APIs in Zoho CRM."
    end

    def flow_of(works) = WorkInput.hand_over(works) { |plain| @native.sync(plain) }

    def run(flow, within) = Runner.run(flow, timeout: @timeout, within:)

    # Works that went together have ended together.
    def in_order(keys, outcomes)
      by_key = outcomes.group_by(&:key)
      keys.filter_map { |key| by_key[key]&.shift }
    end
  end
end
