# frozen_string_literal: true

module PwbCrm
  class Erasure
    # Notes for one integration what is to be erased there, and marks it so that no later save sends it again.
    #
    # @api private
    class Noting
      INSERT = <<~SQL.freeze
        #{Outbox::Statement::INTO}
        SELECT integration.id, :kind, :record_id, :kind, 'erase', :event_id, %<now>s, NULL,
          CAST(:parent_type AS text), CAST(:parent_id AS text), NULL, 'pending', FALSE, 0, %<now>s, %<now>s, %<now>s,
          FALSE, NULL, :receipt_id
        FROM %<integrations>s AS integration WHERE integration.id = :integration_id
        #{Outbox::Statement::RENEW}
      SQL
      private_constant :INSERT

      # @param integration [Integration]
      # @param receipt [Receipt]
      # @param record [Array(String, String)] kind and id
      # @param dependents [Array<Array(String, String)>] what hangs on it, and is erased with it and before it
      def initialize(integration, receipt, record, dependents)
        @integration = integration
        @receipt = receipt
        @record = record
        @left = []
        @sent = [*dependents, record].select { |one| sent?(one) }
      end

      # Comes first: whoever erases one of them at the same time waits here, and so does what is written down of their
      # deliveries. Only then it is known which receipts wait already, and where the records are.
      #
      # @return [void]
      def mark
        @links = Link.erase(@integration.id, @sent) unless gone?
      end

      # @return [Array<Integer>] ids of the resyncs, one for each delivery that has become an erasure
      attr_reader :left

      # @return [Array<Hash>] the receipt's, of what was ever sent
      def entries
        return @sent.map { |one| entry(one, link_of(one), "unreachable", Receipt::GONE) } if gone?

        @sent.map { |one| note(one, @links.fetch(one), (@record unless one == @record)) }
      end

      private

      def gone? = @integration.disconnected_at

      def sent?(record) = link_of(record) || deliveries(record).exists?

      def link_of(record)
        Link.of_records(record.first, [record.last]).find_by(integration_id: @integration.id) ||
          Kept.place(@integration, record)
      end

      def deliveries(record) = Delivery.where(integration_id: @integration.id).of_record(*record)

      def note(record, link, parent)
        earlier = earlier(record)
        parent ||= former_parent(record)
        leave_run(record) if resynced?
        write(record, parent)
        entry(record, link, "pending", @integration.status_message).merge("earlier" => earlier)
      end

      def resynced?
        return @resynced if defined?(@resynced)

        @resynced = Resync.exists?(integration_id: @integration.id)
      end

      # It is not what the run has noted any more, and would count as that.
      def leave_run(record)
        rows = deliveries(record).waiting.where.not(run_id: nil)
        id, run_id = rows.lock.pick(:id, :run_id)
        @left << run_id if id && Delivery.where(id:).update_all(run_id: nil) == 1
      end

      # What it was sent with: under that is looked for what arrived and was never confirmed.
      def former_parent(record)
        rows = deliveries(record).where.not(depends_on_id: nil)
        rows.order(id: :desc).limit(1).pluck(:depends_on_type, :depends_on_id).first
      end

      # Receipts that wait for an erasure of it already: they hear of what becomes of this one.
      def earlier(record)
        waiting = [*Delivery::UNDELIVERED, *Delivery::Replayable::FOR_PEOPLE]
        deliveries(record).where(action: "erase", state: waiting).where.not(receipt_id: nil).distinct.pluck(:receipt_id)
      end

      def write((kind, record_id), parent)
        sql = format(INSERT, deliveries: Delivery.quoted_table_name, integrations: Integration.quoted_table_name,
                             now: Sql.now)
        Delivery.run(sql, kind:, record_id:, integration_id: @integration.id, receipt_id: @receipt.id,
                          parent_type: parent&.first, parent_id: parent&.last,
                          event_id: "#{Outbox::Statement.event_id}#{@integration.id}")
      end

      def entry((kind, id), link, outcome, reason)
        { "platform" => @integration.platform, "integration_id" => @integration.id,
          "website_id" => @integration.website_id, "record_type" => kind, "record_id" => id,
          "external_type" => (link.external_type if link&.external_id.present?),
          "external_id" => link&.external_id.to_s, "outcome" => outcome, "reason" => reason,
          "at" => Time.current.utc.iso8601, "request_id" => nil }
      end
    end
  end
end
