# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # /api/v2/tickets and below.
      # @api private
      class TicketRoutes
        COLLECTION = { "GET" => :list, "POST" => :create }.freeze
        MEMBER = { "GET" => :show, "PUT" => :update, "DELETE" => :delete }.freeze

        def initialize(tickets, idempotency, store)
          @tickets = tickets
          @idempotency = idempotency
          @store = store
        end

        # @param parts [Array<String>] the path below tickets
        def call(request, parts)
          id, relation, *rest = parts
          return comments(request, id) if relation == "comments" && rest.empty? && request.get?

          Errors.not_found if relation
          name = (id ? MEMBER : COLLECTION)[request.request_method] || Errors.not_found
          send(name, request, *id)
        end

        private

        def list(request) = Params.page(request, "tickets", @tickets.list(request.query).map { |it| public(it) })
        def comments(request, id) = Params.page(request, "comments", @tickets.comments(id, request.query))
        def show(_request, id) = Reply.json(200, { "ticket" => public(@tickets.find(id)) })

        def update(request, id)
          given = Params.object(request, "ticket")
          ticket = @tickets.update(id, given)
          answer(200, ticket, given["comment"] && newest(ticket))
        end

        def create(request)
          @idempotency.call(request.header("idempotency-key"), request.body_text) do
            ticket = @tickets.create(Params.object(request, "ticket"))
            answer(201, ticket, newest(ticket))
          end
        end

        def delete(_request, id)
          @tickets.delete(id)
          Reply.empty(204)
        end

        def answer(status, ticket, said)
          headers = status == 201 ? { "location" => "/api/v2/tickets/#{ticket["id"]}.json" } : {}
          audit = { "ticket_id" => ticket["id"], "author_id" => @store.agent["id"], "events" => events(said) }
          Reply.json(status, { "ticket" => public(ticket), "audit" => audit }, headers)
        end

        def newest(ticket) = @store.comments(ticket["id"]).last

        # A comment has the id of its event.
        def events(comment)
          comment ? [comment.slice("id", "author_id", "body", "public").merge("type" => "Comment")] : []
        end

        def public(ticket)
          ticket.except("deleted")
        end
      end
    end
  end
end
