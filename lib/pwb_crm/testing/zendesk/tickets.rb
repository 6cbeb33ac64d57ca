# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # /api/v2/tickets.
      #
      # Source: Zendesk Ticketing API, Tickets, Ticket Comments and Ticket Audits pages: the first comment is the
      # description and never changes; comments are added by updating the ticket and are public unless told otherwise;
      # closed tickets take no change; external_id is not unique; deletes are soft; each update is an audit, whose
      # metadata.custom is the metadata it was given.
      # @api private
      class Tickets
        PLAIN = %w[subject status priority type external_id assignee_id group_id].freeze

        def initialize(store, users, on_hold:)
          @store = store
          @requester = Requester.new(store, users)
          @on_hold = on_hold
        end

        def create(given)
          body = first_body(given)
          TicketRules.check(given, on_hold: @on_hold)
          TicketRules.check_new_status(given["status"])
          tags = TicketRules.tags(given["tags"])
          requester_id = @requester.id_for(given)
          ticket = @store.add_ticket(plain(given).merge("tags" => tags, "description" => body,
                                                        "custom_fields" => given["custom_fields"] || [],
                                                        **people(given, requester_id)))
          say(ticket, given, body, ticket["submitter_id"])
          assign(ticket)
        end

        def update(id, given)
          ticket = find(id)
          check_update(ticket, given)
          body = given["comment"] && TicketRules.comment_body(given["comment"])
          ticket.merge!(plain(given), "tags" => new_tags(ticket, given), "custom_fields" => merged(ticket, given))
          say(ticket, given, body, @store.agent["id"])
          assign(@store.touch(ticket))
        end

        def find(id)
          ticket = @store.tickets[Integer(id.to_s, exception: false)]
          ticket && !ticket["deleted"] ? ticket : Errors.not_found
        end

        def delete(id)
          find(id)["deleted"] = true
        end

        # @return [Array<Hash>] the oldest first
        def list(query)
          alive = @store.tickets.values.reject { |ticket| ticket["deleted"] }
          return alive unless query.key?("external_id")

          alive.select { |ticket| ticket["external_id"] == query["external_id"] }
        end

        def comments(id, query) = sorted(@store.comments(find(id)["id"]), query)
        def audits(id, query) = sorted(@store.audits(find(id)["id"]), query)

        private

        def sorted(found, query)
          newest_first = query["sort"] == "-created_at" || query["sort_order"] == "desc"
          newest_first ? found.reverse : found
        end

        def check_update(ticket, given)
          TicketRules.check_change(ticket, given["status"])
          TicketRules.check(given, on_hold: @on_hold)
          check_stamp(ticket, given)
        end

        def first_body(given)
          TicketRules.comment_body(given["comment"] || { "body" => given["description"] })
        end

        def plain(given)
          given.slice(*PLAIN).compact
        end

        def people(given, requester_id)
          { "requester_id" => requester_id, "submitter_id" => given["submitter_id"] || requester_id }
        end

        # An update is an audit, whether anything is said in it or not.
        def say(ticket, given, body, author_id)
          said = add_comment(ticket, given["comment"] || {}, body, author_id) if body
          @store.add_audit(ticket["id"], said, custom: given["metadata"] || {})
        end

        def add_comment(ticket, comment, body, author_id)
          @store.add_comment(ticket["id"], { "author_id" => comment["author_id"] || author_id, "body" => body,
                                             "html_body" => comment["html_body"] || "<p>#{body}</p>",
                                             "plain_body" => body, "public" => comment.fetch("public", true) })
        end

        # An unassigned ticket goes to the agent who solves it.
        def assign(ticket)
          ticket["assignee_id"] ||= @store.agent["id"] if ticket["status"] == "solved"
          ticket
        end

        # +tags+ replaces the list, the other two add to it and take from it.
        def new_tags(ticket, given)
          tags = given.key?("tags") ? TicketRules.tags(given["tags"]) : ticket["tags"]
          (tags | TicketRules.tags(given["additional_tags"])) - TicketRules.tags(given["remove_tags"])
        end

        def merged(ticket, given)
          all = ticket["custom_fields"] + (given["custom_fields"] || [])
          all.to_h { |entry| [entry["id"], entry] }.values
        end

        # Optimistic lock; only together do the two keys mean anything.
        def check_stamp(ticket, given)
          return unless [true, "true"].include?(given["safe_update"])
          return if given["updated_stamp"] == ticket["updated_at"]

          Errors.refuse(409, "UpdateConflict", "Safe Update prevented the update: the ticket has changed since")
        end
      end
    end
  end
end
