# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Finds out whom a new ticket is from.
      #
      # Source: Zendesk "Creating and updating tickets": +requester_id+ or +requester+, not both; an unknown
      # e-mail makes a new end user and then needs a name; without either the ticket is the agent's own.
      # @api private
      class Requester
        def initialize(store, users)
          @store = store
          @users = users
        end

        # @return [Integer] a user id
        def id_for(ticket)
          given = %w[requester_id requester].select { |key| ticket.key?(key) }
          return @store.agent["id"] if given.empty?

          Errors.invalid("base", "Requester: give an id or a requester", "Invalid") if given.size > 1
          given == ["requester"] ? inline(ticket["requester"]) : known(ticket["requester_id"])
        end

        private

        def known(id)
          Errors.blank("requester", "Requester") if id.nil? || id == ""
          user = @store.users[Integer(id.to_s, exception: false)]
          user && user["active"] ? user["id"] : Errors.bad_value("requester", "Requester", id)
        end

        def inline(requester)
          Errors.blank("requester", "Requester") unless requester.is_a?(Hash) && requester.any?
          found = @users.by_email(requester["email"])
          return found["id"] if found

          check(requester)
          @users.create(requester.slice("name", "email").merge("skip_verify_email" => true))["id"]
        end

        def check(requester)
          if requester["name"].to_s.strip.empty?
            Errors.invalid("requester", "Requester: Name:  is too short (minimum is 1 character)", "ValueTooShort")
          end
          Errors.blank("requester", "Requester: Email") if requester["email"].to_s.strip.empty?
        end
      end
    end
  end
end
