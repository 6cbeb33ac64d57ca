# frozen_string_literal: true

module PwbCrm
  class Drain
    # The records and links behind claimed deliveries, read with one query for each type, and the works
    # made of them. Records are read by tenant: one that moved to another website is not found.
    #
    # @api private
    class Batch
      # @return [Links]
      attr_reader :links

      # @param integration [Integration]
      # @param website [ActiveRecord::Base] the tenant
      # @param deliveries [Array<Delivery>]
      def initialize(integration, website, deliveries)
        @integration = integration
        @website = website
        @snapshot = Snapshot.new(website)
        @faults = {}
        @records = load_records(deliveries)
        @parents = deliveries.index_with { |delivery| person_behind(delivery) }
        @links = Links.new(integration, @parents.flat_map { |delivery, person| [delivery.record_key, person] }.compact)
      end

      # @param delivery [Delivery]
      # @return [Hash, Outcome] a work for a client, or why there is none
      def prepare(delivery)
        fault = fault_of(delivery) and raise fault
        reason = skip_reason(delivery)
        reason ? Outcome.skipped(delivery.id.to_s, reason) : work(delivery)
      rescue StandardError => e
        Outcome.failed(delivery.id.to_s, Report.as_error(e, doing: "preparing #{delivery.label}"))
      end

      # @return [ActiveRecord::Base, nil]
      def record(delivery) = @records[delivery.record_key]

      # @return [Array(String, String), nil] type and id of the person behind a message or ticket
      def parent_of(delivery) = @parents[delivery]

      private

      attr_reader :integration, :website

      def fault_of(delivery) = delivery.delete? ? nil : @faults[delivery.kind] || @faults[delivery]

      def skip_reason(delivery)
        label = delivery.label
        return "#{label} is of a kind that is switched off here" unless integration.takes?(delivery.kind)
        return if delivery.delete?

        record = record(delivery) or return "#{label} is no longer there"
        "#{label} is left out" if Snapshot::Reading.setting(:skip_record, record)
      end

      def work(delivery)
        { record: fields(delivery), website: @website_fields ||= @snapshot.website,
          link: links[delivery.record_key]&.to_work, parent: links[parent_of(delivery)]&.to_parent,
          reference: reference(delivery), **delivery.to_work }
      end

      def fields(delivery)
        return @snapshot.of(delivery.kind, record(delivery)) unless delivery.delete?

        (delivery.tombstone || {}).symbolize_keys.merge(kind: delivery.kind, id: delivery.record_id)
      end

      # The same for each attempt, so that a look-up finds what an earlier one left.
      def reference(delivery)
        digest = Digest::SHA256.hexdigest("#{integration.key}/#{delivery.record_type}/#{delivery.record_id}")
        "PWB-#{digest.first(8)}"
      end

      def load_records(deliveries)
        deliveries.reject(&:delete?).group_by(&:kind).each_with_object({}) do |(kind, rows), found|
          records_of(kind, rows.map(&:record_id)).each { |record| found[[kind, record.id.to_s]] = record }
        end
      end

      # What keeps one kind from being read says nothing about the others.
      def records_of(kind, ids)
        doing = "reading records of the kind #{kind}"
        Snapshot::Reading.database_guarded(doing) { RecordLoader.new(kind, website).call(ids) }
      rescue StandardError => e
        @faults[kind] = Report.as_error(e, doing:)
        []
      end

      # What keeps one from being asked for is told when the delivery's turn comes.
      def person_behind(delivery)
        return noted_person(delivery) if delivery.delete?

        record = record(delivery) or return
        case delivery.record_type
        when "message" then enquirer(record)
        when "support_ticket" then requester(record)
        end
      rescue StandardError => e
        @faults[delivery] = e
        nil
      end

      # As it was when the record was destroyed.
      def noted_person(delivery)
        [delivery.depends_on_type, delivery.depends_on_id] if delivery.depends_on_id
      end

      # Nobody, if it is another website's contact: nothing of it may go out here.
      def enquirer(record)
        return unless record.try(:contact_id)

        contact = Snapshot::Reading.call(:contact, record) { "message #{record.id}, message.contact" }
        ["contact", record.contact_id.to_s] if @snapshot.own?(contact)
      end

      def requester(record)
        reader = PwbCrm.config.readers.dig(:support_ticket, :requester)
        user = Snapshot::Reading.call(reader, record) { "support_ticket #{record.id}, support_ticket.requester" }
        ["user", user.id.to_s] if user.respond_to?(:id) && user.id
      end
    end
  end
end
