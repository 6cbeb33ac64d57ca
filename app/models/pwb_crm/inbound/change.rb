# frozen_string_literal: true

module PwbCrm
  module Inbound
    # What an event tells of a record: what a handler of {Configuration::Care#inbound_handlers} is given.
    Change = Data.define(
      :event_type, :event_id, :occurred_at, :sequence, :external_type, :external_id, :mark, :fields, :told, :appends,
      :partial, :beside
    ) do
      # What an event tells, as {Providers::Base::Receiving#interpret} has to answer it.
      #
      # @param event [InboundEvent]
      # @param fields [Hash] what the remote's record holds, in the remote's words
      # @param told [Hash, nil] what else the event says
      # @param mark [String, nil] our own name for the record, if the remote knows it: "pwb:3:contact:12"
      # @param sequence [String, nil] the order of events of one moment, compared as text
      # @param appends [Boolean] whether it adds something, so that a newer event does not stand for it
      # @param partial [Boolean] whether `fields` are only those that changed: an older event is then handed over with
      #   those that no newer one has set
      # @param beside [String, nil] what `told` tells that `fields` never do, such as the id of a custom field: newer
      #   events stand for it only if they tell of the same
      # @param external_type [String] of the record, where the event itself does not say it
      # @return [Change]
      def self.of(event, fields:, told: nil, mark: nil, sequence: nil, appends: false, partial: false, beside: nil,
                  external_type: nil)
        new(event_type: event.event_type, event_id: event.event_id, occurred_at: event.occurred_at, sequence:,
            external_type: external_type || event.external_type, external_id: event.external_id, mark:, fields:, told:,
            appends:, partial:, beside:)
      end

      # @return [Boolean] whether it adds something, rather than tell how the record is now
      def appends? = appends

      # @return [Boolean] whether it tells of fields that changed, rather than of the whole record
      def partial? = partial && fields.any?

      # @api private
      # @return [Hash{Symbol => Object}] columns of a {Link}: its place among the changes of a record
      def moment = { inbound_at: occurred_at, inbound_sequence: sequence.to_s }

      # @return [String] without values
      def inspect = "#<#{self.class} #{event_type} #{event_id}>"
      alias_method :to_s, :inspect
    end
  end
end
