# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Notes many records of one kind with one INSERT, whatever websites they belong to and however many
    # integrations those have. The records come as values, so they may live in another database.
    #
    # @api private
    class Bulk
      # What has to be known of a record. `updated_at` is nil where records have no such time.
      Row = Struct.new(:record_id, :website_id, :depends_on_id, :updated_at)

      INSERT = <<~SQL.freeze
        WITH noted (position, record_id, website_id, depends_on_id, event_id, updated_at) AS (VALUES %<rows>s)
        #{Statement::INTO}
        SELECT integration.id, :kind, noted.record_id, :kind, :action, noted.event_id || CAST(integration.id AS text),
          %<now>s, %<stamp>s, CASE WHEN noted.depends_on_id IS NOT NULL THEN :predecessor END, noted.depends_on_id,
          NULL, 'pending', FALSE, 0, %<due>s, %<now>s, %<now>s, :bulk, :run_id, NULL
        FROM noted JOIN %<integrations>s AS integration ON CAST(integration.website_id AS text) = noted.website_id
        WHERE integration.website_id IN (:website_ids) AND integration.active AND integration.%<switch>s %<further>s
        ORDER BY noted.position, integration.id
        %<conflict>s
      SQL
      ROWS = "/* rows */"
      private_constant :INSERT, :ROWS

      # @param id [Object] of a record
      # @return [Array(Integer, String)] its place among others: that of numbers, whether they come as such or as text
      def self.place(id) = id.to_s.then { |text| [text.length, text] }

      # @param rows [Array<Row>]
      # @param kind [String] one of {Kinds}
      # @param action [String]
      # @param bulk [Boolean] whether they let fresh ones go before them
      # @param run_id [Integer, nil] of the resync that they are part of
      def initialize(rows, kind:, action: "update", bulk: false, run_id: nil)
        @kind = kind
        @rows = in_order(rows.uniq(&:record_id))
        @cause = { action:, bulk:, run_id: }
      end

      # Pending rows of the records are renewed, as by a save; what waits to be erased stays as it is.
      #
      # @return [Array<Integer>] the id of the integration of each delivery
      # @raise [ActiveRecord::ActiveRecordError]
      def write = run(conflict: Statement::RENEW_SENT, further: nil)

      # Notes those that this SQL lets through.
      #
      # @param condition [String] on `noted` and `integration`
      # @param renew [Boolean] whether a pending row of the record is renewed; else it stays as it is
      # @param values [Hash{Symbol => Object}] for the condition's placeholders
      # @return [Array<Integer>] as {write}
      # @raise [ActiveRecord::ActiveRecordError]
      def write_where(condition, renew: false, **values)
        run(conflict: renew ? Statement::RENEW : Statement::LEAVE, further: "AND (#{condition})", **values)
      end

      private

      # In one order, so that two at a time do not wait for each other. What is sent once is sent as it came.
      def in_order(rows)
        return rows.sort_by { |row| self.class.place(row.record_id) } unless Kinds.append_only?(@kind)

        rows.sort_by { |row| [row.updated_at.to_f, row.record_id.to_s] }
      end

      def run(conflict:, further:, **values)
        return [] if @rows.empty?

        # The rows hold text of the host's, which must not be taken for placeholders.
        head, tail = statement(conflict, further).split(ROWS, 2)
        sql = [head, tail].map { |part| Delivery.sanitize_sql([part, shared.merge(values)]) }.join(quoted_rows)
        told(ApplicationRecord.run(sql).rows.flatten)
      end

      def told(ids)
        Events.emit_each(:note, ids, record_type: @kind, action: @cause[:action])
        ids
      end

      def statement(conflict, further)
        Statement.fill(INSERT, kind: @kind, conflict:, further:, rows: ROWS,
                               stamp: Sql.time("noted.updated_at"))
      end

      def shared
        { kind: @kind, predecessor: Kinds::PREDECESSORS[@kind], **@cause, website_ids: @rows.map(&:website_id).uniq }
      end

      def quoted_rows
        ApplicationRecord.with_connection do |connection|
          @rows.each_with_index.map { |row, position| "(#{quoted(connection, row, position)})" }.join(", ")
        end
      end

      def quoted(connection, row, position)
        [position, row.record_id.to_s, row.website_id.to_s, row.depends_on_id&.to_s, Statement.event_id, row.updated_at]
          .map { |value| connection.quote(value) }.join(", ")
      end
    end
  end
end
