# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Reads what {Bulk} needs of many records, a thousand at a time. Records are made of the rows only where
    # `skip_record` wants to see them.
    #
    # @api private
    class Chunks
      # Records read at once.
      SIZE = 1000

      # @param kind [String]
      def initialize(kind)
        @kind = kind
      end

      # @param relation [ActiveRecord::Relation]
      # @yieldparam rows [Array<Bulk::Row>]
      # @return [void]
      def of_relation(relation)
        each_batch(relation) { |batch| yield plain?(batch.klass) ? plucked(batch) : of_records(whole(batch)) }
      end

      # @param records [Enumerable<ActiveRecord::Base>]
      # @return [Array<Bulk::Row>] of those that have been saved and are not left out
      def of_records(records) = records.filter_map { |record| row(record) if record.id && wanted?(record) }

      private

      def wanted?(record)
        Kinds.website_id_of(@kind, record) && !Kinds.left_out(@kind, record) && !PwbCrm.config.skip_record.call(record)
      end

      def row(record)
        _type, predecessor_id = Kinds.predecessor(@kind, record)
        Bulk::Row.new(record.id, Kinds.website_id_of(@kind, record), predecessor_id, Stamp.of(record, @kind))
      end

      # Rails goes through a relation by primary key: it would count the limit in that order rather than in the
      # relation's own, and take the offset off every batch.
      def each_batch(relation, &)
        ordered = relation.limit_value || relation.offset_value
        return relation.in_batches(of: SIZE, &) unless ordered || Kinds.append_only?(@kind)

        model = relation.klass
        relation = as_made(relation) unless ordered
        relation.ids.each_slice(SIZE) { |ids| yield model.unscoped.where(model.primary_key => ids) }
      end

      # What is sent once is noted as it came, because it is sent as it was noted.
      def as_made(relation)
        relation.reorder(*[Stamp.column(relation.klass, @kind), relation.klass.primary_key].compact)
      end

      # With what tells whether a comment is sent, and whose it is.
      def whole(batch)
        way = Replies.way_to_ticket(batch.klass) if @kind == Replies::KIND
        way ? batch.preload(way.name) : batch
      end

      # Whether the columns tell as much as the records.
      def plain?(model)
        return false if @kind == Replies::KIND || !PwbCrm.config.skips_no_record?

        column_or_nothing?(model, "website_id") && (@kind != "message" || column_or_nothing?(model, "contact_id"))
      end

      def column_or_nothing?(model, name) = model.column_names.include?(name) || !model.method_defined?(name)

      def plucked(batch)
        model = batch.klass
        names = [model.primary_key, "website_id", contact_column(model), Stamp.column(model)]
        columns = names.map { |name| name ? model.arel_table[name] : Arel.sql("NULL") }
        batch.pluck(*columns).filter_map { |values| Bulk::Row.new(*values) if values[1] }
      end

      def contact_column(model) = ("contact_id" if @kind == "message" && model.column_names.include?("contact_id"))
    end
  end
end
