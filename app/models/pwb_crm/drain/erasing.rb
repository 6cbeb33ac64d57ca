# frozen_string_literal: true

module PwbCrm
  class Drain
    # What is known of an erasure before the remote is asked.
    #
    # @api private
    class Erasing
      # @param integration [Integration]
      # @param sharing [Sharing]
      def initialize(integration, sharing)
        @integration = integration
        @sharing = sharing
      end

      # @param delivery [Delivery] an erasure
      # @param links [Links]
      # @return [Outcome, nil] where nothing is to be asked
      def foregone(delivery, links)
        return by_hand(delivery) unless erases?

        link = links[delivery.record_key]
        return not_there(delivery) if link&.external_type == Link::ERASED && !delivery.doubt

        @sharing.of(delivery, link)
      end

      private

      # A host's provider that knows nothing of erasing would send the record as it is.
      def erases?
        @erases = Asking.call(@integration.provider, :erases?, otherwise: false) if @erases.nil?
        @erases
      end

      # With a type it is told as left, though there is no link: it may have arrived.
      def by_hand(delivery)
        Outcome.new(key: delivery.id.to_s, status: :skipped, external_type: (delivery.record_type if delivery.doubt),
                    reason: "#{@integration.provider.class} erases nothing: do so in the system itself, by hand")
      end

      # Never delivered, or deleted by us meanwhile.
      def not_there(delivery)
        Outcome.new(key: delivery.id.to_s, status: :skipped, action: :deleted, reason: "it was not there")
      end
    end
  end
end
