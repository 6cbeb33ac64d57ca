# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # What a spec may do to a {FakeZendesk} behind the back of the app under test: the hand of an agent or an
      # administrator of Zendesk.
      module Controls
        include TokenControls

        # Puts a user in without a request, an agent perhaps.
        #
        # @param fields [Hash{String => Object}] such as "name", "email", "external_id", "role"
        # @return [Hash] a copy, with its id
        def add_user(fields)
          @lock.synchronize { copy(@account.store.add_user(fields)) }
        end

        # Deletes a user.
        #
        # @param id [Integer, String]
        # @return [self]
        # @raise [UsageError] when there is no such user
        def delete_user(id)
          control { @account.users.remove(id) }
        rescue Refusal
          raise UsageError, "FakeZendesk has no user #{id.inspect}"
        end

        # Puts a ticket in without a request. Nothing is checked.
        #
        # @param fields [Hash{String => Object}] such as "subject", "status", "external_id", "requester_id"
        # @return [Hash] a copy, with its id
        def add_ticket(fields)
          @lock.synchronize { copy(@account.store.add_ticket(fields)) }
        end

        # Changes a ticket, as an agent or an automation does; no rule holds.
        #
        # @param id [Integer, String]
        # @param fields [Hash{String => Object}]
        # @return [Hash] a copy
        # @raise [UsageError] when there is no such ticket
        def change_ticket(id, fields)
          @lock.synchronize do
            ticket = @account.store.tickets[id.to_i] || raise(UsageError, "FakeZendesk has no ticket #{id.inspect}")
            copy(@account.store.touch(ticket.merge!(fields)))
          end
        end

        # Says something in a ticket, as an agent does in Zendesk. Nothing is checked.
        #
        # @param ticket_id [Integer, String]
        # @param fields [Hash{String => Object}] such as "body", "public" (true unless given), "author_id"
        # @return [Hash] a copy, with its id
        def add_comment(ticket_id, fields)
          @lock.synchronize do
            store = @account.store
            said = store.add_comment(ticket_id.to_i, { "public" => true, "author_id" => store.agent["id"], **fields })
            copy(said.tap { store.add_audit(ticket_id.to_i, said) })
          end
        end

        # Puts a webhook or a trigger in without a request.
        #
        # @param type [String] "webhook" or "trigger"
        # @param id [String]
        # @param endpoint [String, nil] where a webhook sends to
        # @return [Hash] as `integration.hooks` names it
        def add_hook(type, id, endpoint: nil)
          @lock.synchronize { @account.hooks.add(type, id, endpoint) }
        end

        # @return [Array<Hash>] copies, type and id of each webhook and trigger that is there
        def hooks = @lock.synchronize { copy(@account.hooks.all) }

        private

        def grants = @account.auth
      end
    end
  end
end
