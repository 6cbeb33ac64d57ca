# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # /api/v2/users and below.
      # @api private
      class UserRoutes
        NAMED = { %w[POST] => :create, %w[POST create_or_update] => :create_or_update, %w[GET search] => :search,
                  %w[GET me] => :me }.then { Ractor.make_shareable(_1) }
        MEMBER = { "GET" => :show, "PUT" => :update, "DELETE" => :delete }.freeze

        def initialize(users, store)
          @users = users
          @store = store
        end

        # @param parts [Array<String>] the path below users
        def call(request, parts)
          named = NAMED[[request.request_method, *parts]]
          return send(named, request) if named

          member = MEMBER[request.request_method]
          parts.one? && member ? send(member, request, parts.first) : Errors.not_found
        end

        private

        def create(request) = answer(201, @users.create(Params.object(request, "user")))
        def create_or_update(request) = answer(*@users.create_or_update(Params.object(request, "user")))
        def search(request) = Params.page(request, "users", @users.search(request.query).map { |user| public(user) })
        def me(_request) = answer(200, @store.agent)
        def show(_request, id) = answer(200, @users.find(id))
        def update(request, id) = answer(200, @users.update(id, Params.object(request, "user")))
        def delete(_request, id) = answer(200, @users.delete(id))

        def answer(status, user)
          headers = status == 201 ? { "location" => "/api/v2/users/#{user["id"]}.json" } : {}
          Reply.json(status, { "user" => public(user) }, headers)
        end

        def public(user)
          user.except("identities")
        end
      end
    end
  end
end
