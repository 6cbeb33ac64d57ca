# frozen_string_literal: true

module PwbCrm
  module Inbound
    # What a change tells of the fields that we send, for the shadow of its record's link. A field of which nothing is
    # to be sent, neither before the host's handler was at it nor after, is none of it: the handler has left it alone,
    # and what people at the remote have made of it is not to be written over by the next delivery.
    #
    # @api private
    class Lesson
      # @param integration [Integration]
      # @param link [Link] of the record, which has not been handed over yet
      # @param change [Change]
      def initialize(integration, link, change)
        @integration = integration
        @provider = integration.provider
        @link = link
        @held = learnable?(change) ? Asking.call(@provider, :held, change, otherwise: {}, &:to_hash) : {}
        @before = to_send
      end

      # To be asked once the handler is done.
      #
      # @return [Hash{String => String}] field to the hash of what the remote says that it holds
      def call
        fields = @held.slice(*@before, *to_send)
        fields.empty? ? {} : Native::Shadow.digests(@provider.shadow_key, JSON.generate(fields))
      rescue Error, JSON::GeneratorError
        {}
      end

      private

      # What adds something says nothing about the order of what else it tells.
      def learnable?(change) = !change.appends? && @link.persisted?

      # A reader that fails is not to spoil the handler's work. Nothing is learned then, and the delivery tells of it.
      def to_send
        @held.empty? ? [] : aside { changes }
      rescue StandardError => e
        Report.as_error(e, doing: "reading #{@link.place.join(" ")} for what came in", about: Events.of(@integration))
        []
      end

      # In a savepoint that is given up, because a fault of the database would be the handler's, too.
      def aside
        found = nil
        InboundEvent.transaction(requires_new: true) do
          found = yield
          raise ActiveRecord::Rollback
        end
        found
      end

      def changes
        work = Resync::Forecast.new(@integration, @integration.website).work(*@link.place)
        work.is_a?(Hash) && work[:link] ? @provider.client.changes([work]).fetch(work[:key]) : []
      end
    end
  end
end
