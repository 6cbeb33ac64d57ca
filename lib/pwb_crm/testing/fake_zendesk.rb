# frozen_string_literal: true

require "securerandom"

require_relative "zendesk/errors"
require_relative "zendesk/store"
require_relative "zendesk/departures"
require_relative "zendesk/users"
require_relative "zendesk/ticket_rules"
require_relative "zendesk/requester"
require_relative "zendesk/tickets"
require_relative "zendesk/idempotency"
require_relative "zendesk/limits"
require_relative "zendesk/auth"
require_relative "zendesk/params"
require_relative "zendesk/user_routes"
require_relative "zendesk/ticket_routes"
require_relative "zendesk/hooks"
require_relative "zendesk/account"
require_relative "zendesk/controls"

module PwbCrm
  module Testing
    # One Zendesk Support account: users, tickets, comments, and /oauth/tokens with rotating refresh tokens.
    #
    # It refuses what Zendesk refuses: nameless users, an e-mail that belongs to somebody else, empty requesters,
    # tickets without a description, unknown priorities and states, tickets born closed, any change of a closed
    # one, an idempotency key with another body, a refresh token used twice.
    #
    # Source of all behaviour: Zendesk API reference, page by page in the classes behind this one.
    #
    # @example
    #   zendesk = PwbCrm::Testing::FakeZendesk.new(access_token: "zd-token")
    #   zendesk.users    #=> [{ "id" => 1000000002, "email" => "ana@example.com", … }]
    #   zendesk.tickets  #=> [{ "id" => 1000000003, "subject" => "…", "tags" => ["property_inquiry"], … }]
    class FakeZendesk < App
      include Zendesk::Controls

      API = %r{\A/api/v2/(.+?)(?:\.json)?\z}
      private_constant :API
      # Requests a minute, Suite Enterprise (Zendesk API reference, rate limits).
      PER_MINUTE = 700

      # @return [String]
      attr_reader :client_id
      # @return [String]
      attr_reader :client_secret

      # @param access_token [String] an OAuth token valid from the start
      # @param refresh_token [String] valid until used once
      # @param email [String, nil] with +api_token+: also accept the legacy API token of this agent
      # @param api_token [String, nil]
      # @param client_id [String]
      # @param client_secret [String]
      # @param scope [String] of all tokens, space separated; without "write", writes answer 403
      # @param on_hold [Boolean] whether the "hold" status is switched on
      # @param per_minute [Integer] requests a minute before 429 with Retry-After
      # @param user_writes_per_second [Integer, nil] the account-wide limit on create_or_update and update user,
      #   1 at Zendesk; off by default, since it makes every spec slow
      # @param ticket_updates_per_minute [Integer, nil] the account-wide limit on updates of tickets, 100 at Zendesk,
      #   and with it that on those of one ticket, 30 in ten minutes; off by default
      # @param revoke_on_reuse [Boolean] whether a refresh token that is used a second time ends every token it led
      #   to, as servers do that take it for stolen
      # @param clock [#call, nil] see {Clock}
      def initialize(access_token: "zendesk-token", refresh_token: "zendesk-refresh-token", email: nil, api_token: nil,
                     client_id: "zendesk-client-id", client_secret: "zendesk-client-secret", scope: "read write",
                     on_hold: true, per_minute: PER_MINUTE, user_writes_per_second: nil,
                     ticket_updates_per_minute: nil,
                     revoke_on_reuse: false, clock: nil)
        @first_tokens = { access_token:, refresh_token: }
        @revoke_on_reuse = revoke_on_reuse
        @basic = ("#{email}/token:#{api_token}" if email && api_token)
        @client_id = client_id
        @client_secret = client_secret
        @scope = scope
        @on_hold = on_hold
        @limits = [per_minute, user_writes_per_second, ticket_updates_per_minute]
        super(clock:)
      end

      # @return [String] the newest access token
      def access_token
        @lock.synchronize { @account.auth.newest.first }
      end

      # @return [String] the newest refresh token
      def refresh_token
        @lock.synchronize { @account.auth.newest.last }
      end

      # @return [Array<Hash>] copies of the end users, in order of creation; agents are left out. "identities"
      #   holds all e-mails of a user, the primary one first
      def users
        @lock.synchronize { copy(@account.store.users.values.select { |it| it["role"] == "end-user" && it["active"] }) }
      end

      # @return [Array<Hash>] copies of the tickets that are not deleted, in order of creation
      def tickets
        @lock.synchronize { copy(@account.tickets.list({})) }
      end

      # @param id [Integer, String]
      # @return [Hash, nil] a copy; nil when it is not there or was deleted
      def ticket(id)
        tickets.find { |ticket| ticket["id"] == id.to_i }
      end

      # @param ticket_id [Integer, String]
      # @return [Array<Hash>] copies, the description first
      def comments(ticket_id)
        @lock.synchronize { copy(@account.store.comments(ticket_id.to_i)) }
      end

      # @param type [String] a link's `external_type`: "user", "ticket" or "comment"
      # @param id [String] a link's `external_id`
      # @return [Hash, nil] a copy of what the link leads to
      def crm_record(type, id)
        all = { "user" => -> { users }, "ticket" => -> { tickets },
                "comment" => -> { tickets.flat_map { |ticket| comments(ticket["id"]) } } }
        all[type]&.call&.find { |one| one["id"] == id.to_i }
      end

      # @return [Array<String>] addresses Zendesk would have mailed to verify themselves; stays empty as long as
      #   +skip_verify_email+ is sent
      def verification_mails
        @lock.synchronize { @account.mails.dup }
      end

      private

      def clear
        @account = Zendesk::Account.new(auth: new_auth, limits: Zendesk::Limits.new(*@limits, @clock),
                                        on_hold: @on_hold, clock: @clock)
      end

      def new_auth
        Zendesk::Auth.new(client: [client_id, client_secret], basic: @basic, scope: @scope, clock: @clock,
                          revoke_on_reuse: @revoke_on_reuse, **@first_tokens)
      end

      def respond(request)
        Reply.with(route(request), common_headers)
      rescue Zendesk::Refusal => e
        Reply.json(e.status, e.body, common_headers.merge(e.headers))
      end

      def route(request)
        return token(request) if request.path == "/oauth/tokens"

        path = API.match(request.path) || Zendesk::Errors.not_found
        @account.call(request, path[1])
      end

      def token(request)
        Zendesk::Errors.not_found unless request.post?
        params = request.media_type == "application/json" ? request.json_object : request.form
        @account.auth.grant(params)
      rescue IncomingRequest::NotJson
        Zendesk::Errors.refuse(400, "invalid_request", "The request body is not a JSON object")
      end

      def common_headers
        @account.limits.headers.merge("x-request-id" => SecureRandom.uuid)
      end

      def failure(status)
        Reply.json(status, Zendesk::Errors.for_status(status), common_headers)
      end
    end
  end
end
