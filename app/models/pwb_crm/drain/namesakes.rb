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

      # @param outcomes [Array<Outcome>] of enquiries that have no contact, within the settling transaction
      # @return [void]
      def send_again(outcomes)
        people = outcomes.flat_map(&:links).select { |link| link.role == "parent" }
        met = people.group_by(&:external_type).flat_map { |type, same| forget(type, same.map(&:external_id)) }
        met.each { |id| note(id) }
      end

      private

      attr_reader :integration

      def forget(type, ids)
        links = integration.links.where(record_type: "contact", external_type: type, external_id: ids)
        met = links.pluck(:record_id)
        links.update_all(shadow: {}, mapping_version: nil) if met.any?
        met.each { |id| @links.unlearn(["contact", id]) }
      end

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
