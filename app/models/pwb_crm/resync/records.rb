# frozen_string_literal: true

module PwbCrm
  class Resync
    # The website's records of one kind, in an order that stays, as deliveries would find them.
    #
    # @api private
    class Records
      # A record's id, and what stands in the cursor once it is done with.
      Entry = Struct.new(:id, :position)

      # @param kind [String] one of {Kinds}
      # @param integration [Integration]
      # @param since [Time, nil] only what changed then or later
      def initialize(kind, integration, since)
        @kind = kind
        @integration = integration
        @since = since
        @model = Kinds.class_of(kind)
      end

      # @param position [Array, nil] of the last one
      # @param limit [Integer]
      # @return [Array<Entry>]
      def after(position, limit)
        return [] unless @model

        names = columns.map { |name| @model.arel_table[name] }
        rows = beyond(position).reorder(*names).limit(limit).pluck(*names)
        rows.map { |row| entry(Array(row)) }
      end

      # @param ids [Array<Object>]
      # @return [Array<Outbox::Bulk::Row>]
      def rows(ids)
        found = []
        Outbox::Chunks.new(@kind).of_relation(@model.unscoped.where(@model.primary_key => ids)) { |some| found += some }
        found
      end

      # @param ids [Array<Object>]
      # @return [Array<Object>] those of them that there are
      def among(ids) = changed.where(@model.primary_key => ids).pluck(@model.primary_key)

      private

      def entry(values) = Entry.new(values.last, values.map { |value| plain(value) })

      # What is sent once goes in the order it was made.
      def columns = [(stamp if Kinds.append_only?(@kind)), @model.primary_key].compact

      def beyond(position)
        records = changed
        return records unless position

        later = columns.each_index.map { |index| later_by(index, position) }
        records.where(later.reduce(:or))
      end

      # The same up to there, and later in this column.
      def later_by(index, position)
        same = columns.first(index).zip(position).map { |name, value| @model.arel_table[name].eq(value) }
        [*same, @model.arel_table[columns[index]].gt(position[index])].reduce(:and)
      end

      def changed
        records = Kinds.of_website(@kind, @integration.website_id, model: @model)
        return records unless @since

        records.where(@model.arel_table[stamp || raise(ConfigurationError, untimed)].gteq(@since))
      end

      def stamp = Outbox::Stamp.column(@model, @kind)

      def untimed = "#{@model} has no updated_at, so a resync cannot tell what changed since: leave out `since`."

      # As JSON keeps it.
      def plain(value) = value.respond_to?(:iso8601) ? value.utc.iso8601(6) : value
    end
  end
end
