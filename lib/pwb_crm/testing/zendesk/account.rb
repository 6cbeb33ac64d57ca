# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Everything one fake account holds; {FakeZendesk#reset!} makes a new one.
      # @api private
      class Account
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
        # @return [Array<String>] addresses asked to verify themselves
        attr_reader :mails

        def initialize(auth:, limits:, on_hold:, clock:)
          @auth = auth
          @limits = limits
          @mails = []
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
          check_scope(auth.check(request.header("authorization")), request)
          limits.count(user_write: !request.get? && USER_WRITE.match?(path))
          route(request, *path.split("/"))
        end

        private

        def route(request, first, *rest)
          return @user_routes.call(request, rest) if first == "users"
          return @ticket_routes.call(request, rest) if first == "tickets"

          revoke(request, [first, *rest])
        end

        def revoke(request, parts)
          Errors.not_found unless request.delete? && parts == %w[oauth tokens current]
          auth.revoke(request.header("authorization"))
          Reply.empty(204)
        end

        # "read", "write" or narrower ones such as "tickets:write".
        def check_scope(scope, request)
          wanted = request.get? ? "read" : "write"
          return if scope.split.any? { |granted| granted.split(":").last == wanted }

          Errors.refuse(403, "Forbidden", "You are missing the following required scopes: #{wanted}")
        end
      end
    end
  end
end
