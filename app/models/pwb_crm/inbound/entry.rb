# frozen_string_literal: true

module PwbCrm
  module Inbound
    # One event of an inbound request, as it is stored.
    #
    # What is made of several ({Bundle}) has a type that no remote can name.
    Entry = Data.define(:event_id, :event_type, :occurred_at, :external_type, :external_id, :payload, :digest) do
      # @param event_id [String] the remote's own, the same at every repeat; visible characters, at most 255
      # @param event_type [String] such as "ticket.status_changed"; none that begins with {Bundle::OURS}
      # @param payload [Hash] what {Providers::Base::Receiving#interpret} needs; kept encrypted until the event is
      #   applied
      # @param occurred_at [Time, nil] by the remote's clock; events of a record are applied in this order
      # @param external_type [String, nil] of the record it tells of, as in {Link}
      # @param external_id [String, nil]
      # @param digest [String, nil] SHA-256, in hex, of what is signed, where the id is not: another event with the same
      #   one is a repeat, whatever its id
      # @raise [ValidationError] for a name that is none, or not the remote's to give
      def initialize(event_id:, event_type:, payload:, occurred_at: nil, external_type: nil, external_id: nil,
                     digest: nil)
        super(
          digest:,
          event_id: name(event_id), event_type: type(event_type), payload:, occurred_at: moment(occurred_at),
          external_type: external_type && name(external_type), external_id: external_id && name(external_id)
        )
      end

      # @return [String] without the payload
      def inspect = "#<#{self.class} #{event_type} #{event_id}>"
      alias_method :to_s, :inspect

      private

      def name(value)
        text = value.to_s if value.is_a?(String) || value.is_a?(Integer)
        return text if text && text.length <= 255 && text.match?(/\A[[:graph:]](?:[[:print:]]*[[:graph:]])?\z/)

        raise ValidationError, "An event without a usable id or type."
      end

      def type(value)
        name(value).tap do |text|
          raise ValidationError, "An event of a type of this gem's own." if text.start_with?(Bundle::OURS)
        end
      end

      # One from the future would make all later ones look old. The clocks may differ by five minutes.
      def moment(time) = (time || Time.now).to_time.clamp(Time.at(0), Time.now + 300)
    end
  end
end
