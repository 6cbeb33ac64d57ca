# frozen_string_literal: true

module PwbCrm
  # The records and links behind claimed deliveries, read with one query for each type, and the works
  # made of them. Records are read by tenant: one that moved to another website is not found.
  class Batch
    # @param integration [Integration]
    # @param website [ActiveRecord::Base] the tenant
    # @param deliveries [Array<Delivery>]
    def initialize(integration, website, deliveries)
      @integration = integration
      @website = website
      @snapshot = Snapshot.new(website)
      @records = load_records(deliveries)
      @links = load_links(deliveries)
    end

    # @param delivery [Delivery]
    # @return [Hash, Outcome] a work for a client, or why there is none
    def prepare(delivery)
      reason = skip_reason(delivery)
      reason ? Outcomes.skipped(delivery.id.to_s, reason) : work(delivery)
    rescue ConfigurationError => e
      Outcomes.failed(delivery.id.to_s, e)
    end

    # @return [ActiveRecord::Base, nil]
    def record(delivery) = @records[[delivery.record_type, delivery.record_id]]

    # @return [Link, nil] where the record is known to be
    def link(delivery) = @links[[delivery.record_type, delivery.record_id]]

    # @return [Array(String, String), nil] type and id of the person behind a message or ticket
    def parent_of(delivery)
      record = record(delivery) or return
      case delivery.record_type
      when "message" then ["contact", record.contact_id.to_s] if record.try(:contact_id)
      when "support_ticket" then requester(record)
      end
    end

    # @return [Link, nil]
    def parent_link(delivery) = @links[parent_of(delivery)]

    # @param link [Link] made since, for the deliveries that follow
    # @return [Link]
    def add(link) = @links[[link.record_type, link.record_id]] = link

    private

    attr_reader :integration, :website

    def skip_reason(delivery)
      label = delivery.label
      return "#{label} belongs to a website that is left out" if Setting.ask(:skip_website, website)
      return "#{label} is of a kind that is switched off here" unless integration[Kinds::SWITCHES.fetch(delivery.kind)]
      return if delivery.delete?

      record = record(delivery) or return "#{label} is no longer there"
      "#{label} is left out" if Setting.ask(:skip_record, record)
    end

    def work(delivery)
      { key: delivery.id.to_s, action: delivery.delete? ? "delete" : "upsert", record: fields(delivery),
        website: @website_fields ||= @snapshot.website, link: link(delivery)&.to_work,
        parent: parent_link(delivery)&.to_parent, doubt: delivery.doubt, reference: reference(delivery),
        event_id: delivery.event_id, occurred_at: delivery.occurred_at.utc.iso8601(3) }
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
        Loader.new(kind, website).call(rows.map(&:record_id)).each { |record| found[[kind, record.id.to_s]] = record }
      end
    end

    def load_links(deliveries)
      pairs = deliveries.flat_map { |delivery| [[delivery.record_type, delivery.record_id], parent_of(delivery)] }
      links = integration.links
      found = pairs.compact.group_by(&:first).flat_map { |type, same| links.of_records(type, same.map(&:last)) }
      found.index_by { |link| [link.record_type, link.record_id] }
    end

    def requester(record)
      user = Snapshot::Reading.call(PwbCrm.config.readers.dig(:support_ticket, :requester), record, where: "requester")
      ["user", user.id.to_s] if user.respond_to?(:id) && user.id
    rescue ConfigurationError
      nil
    end
  end
end
