# frozen_string_literal: true

module PwbCrm
  class Resync
    # What would become of records if they were delivered now. They are read and made into works as for a delivery, and
    # the provider says what it would do with those, without a request.
    #
    # @api private
    class Forecast
      # What is to be sent.
      SENT = %i[create update].freeze

      # @param integration [Integration]
      # @param website [ActiveRecord::Base] the tenant
      def initialize(integration, website)
        @integration = integration
        @website = website
        @preview = Preview.new(integration)
      end

      # @param kind [String]
      # @param ids [Array<Object>]
      # @yieldparam batch [Drain::Batch] of them
      # @yieldparam created [Hash{Delivery => Hash}] the works of those that are to be created
      # @return [Hash{Object => Symbol, String}] id to :create, :update, :unchanged, or why it cannot be sent
      # @raise [ConfigurationError] when no client can be made
      def of(kind, ids)
        deliveries = ids.each_with_index.map { |id, index| delivery(kind, id, index) }
        batch = Drain::Batch.new(@integration, @website, deliveries)
        prepared = deliveries.map { |one| batch.prepare(one) }
        verdicts = verdicts(deliveries, prepared)
        yield batch, created(deliveries, prepared, verdicts) if block_given?
        ids.zip(verdicts).to_h
      end

      # @param kind [String]
      # @param id [Object]
      # @return [Hash, Outcome] the record as a work, or why there is none
      def work(kind, id)
        one = delivery(kind, id, 0)
        Drain::Batch.new(@integration, @website, [one]).prepare(one)
      end

      private

      def verdicts(deliveries, prepared)
        told = @preview.of(prepared.grep(Hash))
        deliveries.zip(prepared).map { |one, work| verdict(one, work, told) }
      end

      def created(deliveries, works, verdicts)
        deliveries.zip(works, verdicts).filter_map { |one, work, verdict| [one, work] if verdict == :create }.to_h
      end

      # As a save would note it; it is never written.
      def delivery(kind, id, index)
        Delivery.new(id: index, integration_id: @integration.id, record_type: kind, record_id: id.to_s, kind:,
                     action: "update", event_id: "preview", occurred_at: Time.current)
      end

      def verdict(delivery, work, told)
        return reason(delivery, work.error&.message || work.reason) if work.is_a?(Outcome)

        return :create if awaits_ticket?(work)

        answer = told[work[:key]]
        answer.is_a?(String) ? reason(delivery, answer) : answer
      end

      # A reply goes once its ticket is there, which is sent before it.
      def awaits_ticket?(work)
        record = work[:record]
        record[:kind] == Replies::KIND && record[:body].present? && !work[:link] && !work[:parent] &&
          @integration.takes?("support_ticket")
      end

      # The same for all records of which it is true.
      def reason(delivery, text)
        named = /\b#{Regexp.escape(delivery.label)}\b:?/
        Snapshot::Scrub.call(text.to_s).gsub(named, "it").squish.presence || "unknown"
      end
    end
  end
end
