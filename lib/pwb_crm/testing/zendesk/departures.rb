# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # How users go.
      # @api private
      module Departures
        # Whose tickets are not closed stays (Zendesk help: Deleting end users).
        def delete(id)
          open = requested(find(id)).count { |ticket| ticket["status"] != "closed" }
          if open.positive?
            Errors.invalid("base", "User is requester on #{open} tickets that are not closed", "InvalidValue")
          end
          remove(id)
        end

        # As a merge does.
        def remove(id)
          find(id).merge!("active" => false, "email" => nil, "external_id" => nil, "identities" => [])
        end

        # DELETE deleted_users/{id}
        def forget(id)
          @store.users.dig(id.to_i, "active") == false ? @store.users.delete(id.to_i) : Errors.not_found
        end

        private

        def requested(user)
          @store.tickets.values.select { |ticket| ticket["requester_id"] == user["id"] && !ticket["deleted"] }
        end
      end
    end
  end
end
