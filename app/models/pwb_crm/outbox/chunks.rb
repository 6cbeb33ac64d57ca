# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Reads what {Bulk} needs of many records, a thousand at a time. Records are made of the rows only where
    # `skip_record` wants to see them.
    class Chunks
      SIZE = 1000

      # @param kind [String]
      def initialize(kind)
        @kind = kind
      end

      # @param relation [ActiveRecord::Relation]
      # @yieldparam rows [Array<Bulk::Row>]
      # @return [void]
      def of_relation(relation)
        relation.in_batches(of: SIZE) { |batch| yield plain?(batch.klass) ? plucked(batch) : of_records(batch) }
      end

      # @param records [Enumerable<ActiveRecord::Base>]
      # @return [Array<Bulk::Row>] of those that are not left out
      def of_records(records)
        kept = records.reject { |record| record.website_id.nil? || PwbCrm.config.skip_record.call(record) }
        kept.map { |record| Bulk::Row.new(record.id, record.website_id, contact_id(record), Stamp.of(record)) }
      end

      private

      # Whether the columns tell as much as the records.
      def plain?(model)
        PwbCrm.config.skips_no_record? && column_or_nothing?(model, "website_id") &&
          (@kind != "message" || column_or_nothing?(model, "contact_id"))
      end

      def column_or_nothing?(model, name) = model.column_names.include?(name) || !model.method_defined?(name)

      def plucked(batch)
        model = batch.klass
        names = [model.primary_key, "website_id", contact_column(model), Stamp.column(model)]
        columns = names.map { |name| name ? model.arel_table[name] : Arel.sql("NULL") }
        batch.pluck(*columns).filter_map { |values| Bulk::Row.new(*values) if values[1] }
      end

      def contact_column(model) = ("contact_id" if @kind == "message" && model.column_names.include?("contact_id"))

      def contact_id(record) = (record.try(:contact_id) if @kind == "message")
    end
  end
end
