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
      # @yield after each that the host's readers were asked about, which may take long
      def initialize(integration, website, deliveries, &)
        @integration = integration
        @website = website
        @snapshot = Snapshot.new(website)
        @faults = {}
        @records = load_records(deliveries.reject(&:delete?))
        @kin = Kin.new(@snapshot)
        @parents, @authors = %i[parent author].map { |one| related_to(deliveries, one, &) }
        @deliveries = deliveries.dup
        @links = known
      end

      # @param delivery [Delivery]
      # @return [Hash, Outcome] a work for a client, or why there is none
      def prepare(delivery)
        fault = fault_of(delivery) and raise fault
        skipped(delivery) || work(delivery)
      rescue StandardError => e
        about = { **Events.of(integration), **delivery.slice(:record_type, :record_id).symbolize_keys }
        Outcome.failed(delivery.id.to_s, Report.as_error(e, doing: "preparing #{delivery.label}", about:))
      end

      # @return [Whereabouts] of who is to be erased or deleted
      def whereabouts = Whereabouts.new(sharing)

      # @return [ActiveRecord::Base, nil]
      def record(delivery) = @records[delivery.record_key]

      # @return [Array(String, String), nil] type and id of the person behind a message or ticket, of a reply's ticket
      def parent_of(delivery) = @parents[delivery]

      private

      attr_reader :integration, :website

      def known = Links.new(integration, [*@deliveries.map(&:record_key), *@parents.values, *@authors.values].compact)

      def fault_of(delivery) = delivery.delete? ? nil : @faults[delivery.kind] || @faults[delivery]

      def skipped(delivery)
        return erasing.foregone(delivery, links) if delivery.erase?
        return off(delivery) unless integration.takes?(delivery.kind)

        barred(delivery) || sharing.of(delivery, links[delivery.record_key])
      end

      def barred(delivery)
        reason = erasure_of(delivery) || (left_out(delivery, record(delivery)) unless delivery.delete?)
        Outcome.skipped(delivery.id.to_s, reason) if reason
      end

      def sharing = @sharing ||= Sharing.new(integration)

      def erasing = @erasing ||= Erasing.new(integration, sharing)

      def off(delivery)
        Outcome.skipped(delivery.id.to_s, "#{delivery.label} is of a kind that is switched off here",
                        code: Delivery::SWITCHED_OFF)
      end

      def left_out(delivery, record)
        label = delivery.label
        return "#{label} is no longer there" unless record

        reason = Kinds.left_out(delivery.kind, record) and return "#{label} #{reason}"
        "#{label} is left out" if Snapshot::Reading.setting(:skip_record, record)
      end

      # What was erased does not go there again, nor what belongs to it, which would take it along.
      def erasure_of(delivery)
        own, parent = [delivery.record_key, parent_of(delivery)].map { |record| links[record]&.erased_at }
        return "#{delivery.label} was erased here on #{own.to_date}" if own
        return unless parent

        "#{delivery.label} belongs to #{parent_of(delivery).join(" ")}, which was erased here on #{parent.to_date}"
      end

      def work(delivery)
        { record: fields(delivery), website: @website_fields ||= @snapshot.website,
          link: links[delivery.record_key]&.to_work, reference: reference(delivery),
          **kin(delivery), **delivery.to_work }
      end

      def kin(delivery)
        { parent: links[parent_of(delivery)]&.to_parent(erasing: delivery.erase?),
          author: links[@authors[delivery]]&.to_parent }
      end

      def fields(delivery)
        return @snapshot.of(delivery.kind, record(delivery)) unless delivery.delete?

        known = (delivery.tombstone || {}).symbolize_keys
        { **known, **address(delivery), kind: delivery.kind, id: delivery.record_id }
      end

      def erased = @erased ||= load_records(@deliveries.select { |one| one.erase? && one.of_person? })

      # Who is no longer where they were is looked for by it, as a save would.
      def address(delivery)
        person = erased[delivery.record_key] or return {}
        @snapshot.of("contact", person).slice(:email)
      rescue StandardError
        {}
      end

      # The same for each attempt, so that a look-up finds what an earlier one left.
      def reference(delivery)
        digest = Digest::SHA256.hexdigest("#{integration.key}/#{delivery.record_type}/#{delivery.record_id}")
        "PWB-#{digest.first(8)}"
      end

      def load_records(deliveries)
        deliveries.group_by(&:kind).each_with_object({}) do |(kind, rows), found|
          records_of(kind, rows.map(&:record_id)).each { |record| found[[kind, record.id.to_s]] = record }
        end
      end

      # What keeps one kind from being read says nothing about the others.
      def records_of(kind, ids)
        doing = "reading records of the kind #{kind}"
        Snapshot::Reading.database_guarded(doing) { RecordLoader.new(kind, website).call(ids) }
      rescue StandardError => e
        @faults[kind] = Report.as_error(e, doing:, about: Events.of(integration))
        []
      end

      def related_to(deliveries, how)
        deliveries.index_with { |delivery| related(how, delivery).tap { yield if block_given? } }
      end

      # What keeps one from being asked for is told when the delivery's turn comes.
      def related(how, delivery)
        @kin.public_send(how, delivery, record(delivery))
      rescue StandardError => e
        @faults[delivery] = e
        nil
      end
    end
  end
end
