# frozen_string_literal: true

module PwbCrm
  class Erasure
    # What hangs on a record: a contact's enquiries, a ticket's replies. The app may have deleted them and kept them at
    # the remote, deliveries are pruned, and what was never delivered has no link; so all three are asked.
    #
    # @api private
    class Dependents
      # @param record [Array(String, String)] kind and id
      # @param website_id [Object]
      def initialize(record, website_id)
        @record = record
        @website_id = website_id
        @kind = Kinds::PREDECESSORS.key(record.first)
      end

      # @param integration [Integration]
      # @return [Array<Array(String, String)>] kind and id of each, in the order in which {Outbox::Bulk} takes them
      def of(integration)
        return [] unless @kind

        ids = delivered(integration) | under_way(integration) | held
        ids.sort_by { |id| Outbox::Bulk.place(id) }.map { |id| [@kind, id] }
      end

      private

      def delivered(integration)
        parent_type, parent_id = @record
        Link.where(integration_id: integration.id, record_type: @kind, parent_type:, parent_id:).pluck(:record_id)
      end

      def under_way(integration)
        Delivery.kin(integration.id, @record).filter_map { |kind, id| id if kind == @kind }
      end

      # By the app itself.
      def held = @held ||= records&.ids.to_a.map(&:to_s)

      def records
        model = Kinds.class_of(@kind) or return
        return Replies.of_ticket(model, @website_id, @record.last) if @kind == Replies::KIND

        Kinds.of_website(@kind, @website_id, model:).where(contact_id: @record.last) if contacts?(model)
      end

      def contacts?(model) = model.column_names.include?("contact_id")
    end
  end
end
