# frozen_string_literal: true

module PwbCrm
  class Drain
    # Contacts whose name at the remote is now what somebody typed into an enquiry. An enquiry without a contact of its
    # own goes under whom the remote finds by its sender's address, and tells them that name. If a contact of the host
    # is linked with that person, what the remote holds of it is no longer known, and it is sent again.
    #
    # @api private
    class Namesakes
      # @param integration [Integration]
      # @param links [Links] of the batch
      def initialize(integration, links)
        @integration = integration
        @links = links
      end

      # To be called before the links are saved.
      #
      # @param outcomes [Array<Outcome>] of enquiries that have no contact
      # @return [Array<String>] the ids of the contacts that they tell of
      def unlearn(outcomes)
        people = outcomes.flat_map(&:links).select { |link| link.role == "parent" }
        people.group_by(&:external_type).flat_map do |external_type, same|
          @links.unlearn(record_type: "contact", external_type:, external_id: same.map(&:external_id))
        end
      end

      # @param ids [Array<String>] of contacts
      # @return [void]
      def send_again(ids) = ids.each { |id| note(id) }

      private

      attr_reader :integration

      # One by one: a contact that a host's transaction holds is about to be sent anyway, the others are not.
      def note(record_id)
        row = Outbox::Bulk::Row.new(record_id, integration.website_id)
        Sql.without_waiting do
          Outbox::Bulk.new([row], kind: "contact").write_where("integration.id = :only", only: integration.id)
        end
      end
    end
  end
end
