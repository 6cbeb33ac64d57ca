# frozen_string_literal: true

module PwbCrm
  class Reconcile
    # Records of one kind that changed since then and have no delivery that was noted for them as they are.
    #
    # @api private
    class Changes
      # A pending delivery will read the record as it is now; what was left out with a kind that was off was not sent.
      MISSED = <<~SQL
        integration.id = :integration_id AND NOT EXISTS (SELECT 1 FROM %<deliveries>s AS known
          WHERE known.integration_id = integration.id AND known.record_type = :kind AND known.record_id = noted.record_id
          AND (known.state = 'pending'
            OR known.record_updated_at = %<stamp>s AND COALESCE(known.error_code, '') <> '%<off>s'))
      SQL
      private_constant :MISSED

      # @param integration [Integration]
      # @param kind [String] one of {Kinds}
      # @param since [Time]
      def initialize(integration, kind, since)
        @integration = integration
        @kind = kind
        @since = since
        @model = Kinds.class_of(kind)
      end

      # @param notes [Notes]
      # @return [void]
      def note(notes)
        return unless @model
        return say_so unless stamp

        note_all(changed, notes)
        left_out.each_slice(Outbox::Chunks::SIZE) { |ids| note_all(records.where(@model.primary_key => ids), notes) }
      end

      private

      def note_all(relation, notes)
        Outbox::Chunks.new(@kind).of_relation(relation) do |rows|
          notes.write(rows) { |some| bulk(some).write_where(missed, integration_id: @integration.id) }
        end
      end

      # Through the model's default scope, as deliveries read it.
      def records = Kinds.of_website(@kind, @integration.website_id, model: @model)

      def changed = records.where(@model.arel_table[stamp].gteq(@since))

      # Somebody had asked for these, a resync perhaps, while their kind was switched off, however old they are. All are
      # looked at once a kind has been switched on.
      def left_out
        return [] if @integration.reconciled_at

        @integration.deliveries.where(record_type: @kind, state: "skipped", error_code: Delivery::SWITCHED_OFF)
                    .distinct.pluck(:record_id)
      end

      def bulk(rows) = Outbox::Bulk.new(rows, kind: @kind, bulk: true)

      def missed
        format(MISSED, deliveries: Delivery.quoted_table_name, stamp: Sql.time("noted.updated_at"),
                       off: Delivery::SWITCHED_OFF)
      end

      def stamp = Outbox::Stamp.column(@model, @kind)

      def say_so
        PwbCrm.config.logger.warn("[pwb_crm] #{@model} has no updated_at, so changes of it without callbacks " \
                                  "cannot be found: add the column, or note them with PwbCrm.track")
      end
    end
  end
end
