# frozen_string_literal: true

module PwbCrm
  class Erasure
    # Notes for one integration what is to be erased there, and marks it so that no later save sends it again.
    #
    # @api private
    class Noting
      INSERT = <<~SQL.freeze
        #{Outbox::Statement::INTO}
        SELECT integration.id, :kind, :record_id, :kind, 'erase', :event_id, %<now>s, NULL, NULL, NULL, NULL,
          'pending', FALSE, 0, %<now>s, %<now>s, %<now>s, FALSE, NULL, :receipt_id
        FROM %<integrations>s AS integration WHERE integration.id = :integration_id
        #{Outbox::Statement::RENEW}
      SQL
      GONE = "It was disconnected, so nothing can be erased there from here: do so in the system itself."
      private_constant :INSERT, :GONE

      # @param integration [Integration]
      # @param receipt [Receipt]
      # @param records [Array<Array(String, String)>] kind and id
      def initialize(integration, receipt, records)
        @integration = integration
        @receipt = receipt
        @records = records
      end

      # @return [Array<Hash>] the receipt's entries
      def call = @records.filter_map { |kind, id| note(kind, id) }

      private

      def note(kind, id)
        link = Link.find_by(integration_id: @integration.id, record_type: kind, record_id: id)
        return unless link || deliveries(kind, id).exists?
        return entry(kind, id, link, "unreachable", GONE) if @integration.disconnected_at

        mark(kind, id, link)
        write(kind, id)
        entry(kind, id, link, "pending", @integration.status_message)
      end

      def deliveries(kind, id) = Delivery.where(integration_id: @integration.id).of_record(kind, id)

      def mark(kind, id, link)
        link ||= Link.new(integration_id: @integration.id, record_type: kind, record_id: id,
                          external_type: Link::ERASED, external_id: "")
        link.update!(erased_at: Time.current)
      end

      def write(kind, record_id)
        sql = format(INSERT, deliveries: Delivery.quoted_table_name, integrations: Integration.quoted_table_name,
                             now: Sql.now)
        Delivery.run(sql, kind:, record_id:, integration_id: @integration.id, receipt_id: @receipt.id,
                          event_id: "#{Outbox::Statement.event_id}#{@integration.id}")
      end

      def entry(kind, id, link, outcome, reason)
        { "platform" => @integration.platform, "integration_id" => @integration.id, "record_type" => kind,
          "record_id" => id, "external_type" => link&.external_type, "external_id" => link&.external_id.to_s,
          "outcome" => outcome, "reason" => reason, "at" => Time.current.utc.iso8601, "request_id" => nil }
      end
    end
  end
end
