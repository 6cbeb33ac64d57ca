# frozen_string_literal: true

module PwbCrm
  class Reconcile
    # Links of one kind whose record is gone, and whose remote has not been told. What moved to another
    # website, is of another type or hidden by a default scope is not gone.
    #
    # @api private
    class Deletions
      # A delete that was left out, because the remote is to keep its records, is not noted again; one that was left out
      # with a kind that was off is.
      UNTOLD = <<~SQL
        integration.id = :integration_id AND NOT EXISTS (SELECT 1 FROM %<deliveries>s AS known
          JOIN %<links>s AS link ON link.integration_id = known.integration_id
            AND link.record_type = known.record_type AND link.record_id = known.record_id
          WHERE known.integration_id = integration.id AND known.record_type = :kind AND known.record_id = noted.record_id
          AND known.action = 'delete' AND (known.state IN (:open) OR known.occurred_at >= link.updated_at
            AND COALESCE(known.error_code, '') <> '%<off>s'))
      SQL
      OPEN = [*Delivery::UNDELIVERED, "failed"].freeze
      private_constant :UNTOLD, :OPEN

      # @param integration [Integration]
      # @param kind [String] one of {Kinds}
      def initialize(integration, kind)
        @integration = integration
        @kind = kind
        @model = Kinds.class_of(kind)
      end

      # @param notes [Notes]
      # @return [void]
      def note(notes)
        return if @model.nil? || Kinds.append_only?(@kind)

        @integration.links.where(record_type: @kind, erased_at: nil).in_batches(of: Outbox::Chunks::SIZE) do |links|
          notes.write(gone(links.pluck(:record_id))) { |rows| delete(rows) }
        end
      end

      private

      def gone(ids)
        there = @model.base_class.unscoped.where(@model.primary_key => ids).pluck(@model.primary_key).map(&:to_s)
        (ids - there).map { |id| Outbox::Bulk::Row.new(id, @integration.website_id) }
      end

      def delete(rows)
        Outbox::Bulk.new(rows, kind: @kind, action: "delete", bulk: true)
                    .write_where(untold, renew: true, integration_id: @integration.id, open: OPEN)
      end

      def untold
        format(UNTOLD, deliveries: Delivery.quoted_table_name, links: Link.quoted_table_name,
                       off: Delivery::SWITCHED_OFF)
      end
    end
  end
end
