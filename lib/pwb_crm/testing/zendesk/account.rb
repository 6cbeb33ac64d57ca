# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Everything one fake account holds; {FakeZendesk#reset!} makes a new one.
      # @api private
      class Account
        TICKET_UPDATE = %r{\Atickets/(\d+)\z}
        # Narrow scopes do not open these (Zendesk Ticketing API, Ticket Audits, "Required OAuth scope").
        AUDITS = %r{\Atickets/\d+/audits}
        USER_WRITE = %r{\Ausers/(?:create_or_update|\d+)\z}

        # @return [Store]
        attr_reader :store
        # @return [Users]
        attr_reader :users
        # @return [Tickets]
        attr_reader :tickets
        # @return [Limits]
        attr_reader :limits
        # @return [Auth]
        attr_reader :auth
        # @return [Hooks]
        attr_reader :hooks
        # @return [Array<String>] addresses asked to verify themselves
        attr_reader :mails

        def initialize(auth:, limits:, on_hold:, clock:)
          @auth = auth
          @limits = limits
          @mails = []
          @hooks = Hooks.new
          @store = Store.new(clock)
          @users = Users.new(@store, @mails)
          @tickets = Tickets.new(@store, @users, on_hold:)
          @user_routes = UserRoutes.new(@users, @store)
          @ticket_routes = TicketRoutes.new(@tickets, Idempotency.new(clock), @store)
        end

        # @param path [String] below /api/v2, without ".json"
        # @return [Array] a Rack response
        # @raise [Refusal]
        def call(request, path)
          check_scope(auth.check(request.header("authorization")), request, path)
          count(request, path)
          route(request, *path.split("/"))
        end

        private

        def count(request, path)
          user = (request.get? ? nil : USER_WRITE.match(path)) && user_name(request, path)
          limits.count(user:, ticket: (path[TICKET_UPDATE, 1] if request.put?))
        end

        # What cannot be read is refused afterwards.
        def user_name(request, path)
          request.json_object.dig("user", "email") || path
        rescue IncomingRequest::NotJson, TypeError
          path
        end

        def route(request, first, *rest)
          return @user_routes.call(request, rest) if first == "users"
          return @ticket_routes.call(request, rest) if first == "tickets"
          return forget(request, *rest) if first == "deleted_users"

          return tokens(request, rest.last) if [first, *rest][0..1] == %w[oauth tokens] && rest.size == 2

          hooks.call(request, first, *rest)
        end

        def forget(request, id = nil, *)
          Errors.not_found unless request.delete?
          Reply.json(200, { "deleted_user" => users.forget(id) })
        end

        def tokens(request, id)
          header = request.header("authorization")
          return Reply.json(200, { "token" => auth.current(header) || Errors.not_found }) if request.get?

          revoked = id == "current" ? auth.revoke(header) : auth.revoke(header, id.to_i)
          request.delete? && revoked ? Reply.empty(204) : Errors.not_found
        end

        # "read", "write" or narrower ones such as "tickets:write".
        def check_scope(scope, request, path)
          wanted = request.get? ? "read" : "write"
          granted = scope.split
          granted = granted.map { |one| one.split(":").last } unless AUDITS.match?(path)
          return if granted.include?(wanted)

          Errors.refuse(403, "Forbidden", "You are missing the following required scopes: #{wanted}")
        end
      end
    end
  end
end
