# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # /api/v2/tickets and below.
      # @api private
      class TicketRoutes
        COLLECTION = { "GET" => :list, "POST" => :create }.freeze
        MEMBER = { "GET" => :show, "PUT" => :update, "DELETE" => :delete }.freeze
        RELATIONS = %w[comments audits].freeze

        def initialize(tickets, idempotency, store)
          @tickets = tickets
          @idempotency = idempotency
          @store = store
        end

        # @param parts [Array<String>] the path below tickets
        def call(request, parts)
          id, relation, *rest = parts
          return send(relation, request, id) if RELATIONS.include?(relation) && rest.empty? && request.get?

          Errors.not_found if relation
          name = (id ? MEMBER : COLLECTION)[request.request_method] || Errors.not_found
          send(name, request, *id)
        end

        private

        def list(request) = Params.page(request, "tickets", @tickets.list(request.query).map { |it| public(it) })
        def comments(request, id) = Params.page(request, "comments", @tickets.comments(id, request.query))
        def audits(request, id) = Params.page(request, "audits", @tickets.audits(id, request.query))
        def show(_request, id) = Reply.json(200, { "ticket" => public(@tickets.find(id)) })

        def update(request, id)
          answer(200, @tickets.update(id, Params.object(request, "ticket")))
        end

        def create(request)
          @idempotency.call(request.header("idempotency-key"), request.body_text) do
            answer(201, @tickets.create(Params.object(request, "ticket")))
          end
        end

        def delete(_request, id)
          @tickets.delete(id)
          Reply.empty(204)
        end

        def answer(status, ticket)
          headers = status == 201 ? { "location" => "/api/v2/tickets/#{ticket["id"]}.json" } : {}
          Reply.json(status, { "ticket" => public(ticket), "audit" => @store.audits(ticket["id"]).last }, headers)
        end

        def public(ticket)
          ticket.except("deleted")
        end
      end
    end
  end
end
