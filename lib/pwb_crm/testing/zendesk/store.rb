# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # The users, tickets, comments and audits of one fake account.
      # @api private
      class Store
        @accounts = 0
        @lock = Mutex.new

        # Ids of two accounts never meet, so a record that leaked from one tenant to another shows.
        def self.next_base
          @lock.synchronize { (@accounts += 1) * 1_000_000_000 }
        end

        # @return [Hash{Integer => Hash}]
        attr_reader :users, :tickets
        # @return [Hash] the agent the API token or OAuth token belongs to
        attr_reader :agent

        # @param clock [#call]
        def initialize(clock)
          @clock = clock
          @last_id = self.class.next_base
          @users = {}
          @tickets = {}
          @comments = Hash.new { |lists, ticket_id| lists[ticket_id] = [] }
          @audits = Hash.new { |lists, ticket_id| lists[ticket_id] = [] }
          @agent = add_user("name" => "API Agent", "email" => "agent@example.com", "role" => "admin")
        end

        def add_user(fields)
          id = next_id
          defaults = { "id" => id, "name" => nil, "email" => nil, "external_id" => nil, "phone" => nil,
                       "role" => "end-user", "active" => true, "verified" => false, "tags" => [],
                       "user_fields" => {}, "created_at" => timestamp }
          emails = [fields["email"]].compact
          @users[id] = touch(defaults.merge(fields)).merge!("identities" => emails)
        end

        def add_ticket(fields)
          id = next_id
          defaults = { "id" => id, "external_id" => nil, "type" => nil, "priority" => nil, "status" => "new",
                       "tags" => [], "custom_fields" => [], "assignee_id" => nil, "created_at" => timestamp }
          @tickets[id] = touch(defaults.merge(fields))
        end

        def add_comment(ticket_id, fields)
          comment = { "id" => next_id, "type" => "Comment", "created_at" => timestamp }.merge(fields)
          @comments[ticket_id] << comment
          comment
        end

        # @return [Array<Hash>] the oldest first
        def comments(ticket_id)
          @comments.fetch(ticket_id, [])
        end

        # One update of a ticket. A comment has the id of its event.
        #
        # @param said [Hash, nil] the comment it made
        # @param custom [Hash] what the caller wants to be kept with it
        def add_audit(ticket_id, said, custom: {})
          event = said&.slice("id", "type", "author_id", "body", "public")
          audit = { "id" => next_id, "ticket_id" => ticket_id, "author_id" => agent["id"], "created_at" => timestamp,
                    "metadata" => { "system" => {}, "custom" => custom }, "events" => [event].compact }
          @audits[ticket_id] << audit
          audit
        end

        # @return [Array<Hash>] the oldest first
        def audits(ticket_id)
          @audits.fetch(ticket_id, [])
        end

        def touch(record)
          record.merge!("updated_at" => timestamp)
        end

        private

        def next_id
          @last_id += 1
        end

        def timestamp
          @clock.call.getutc.strftime("%Y-%m-%dT%H:%M:%SZ")
        end
      end
    end
  end
end
