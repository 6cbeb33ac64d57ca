# frozen_string_literal: true

module PwbCrm
  module Inbound
    # What becomes of an event, and of which record it was.
    #
    # @api private
    Ending = Data.define(:state, :code, :message, :after, :record) do
      # @param record [ActiveRecord::Base, nil] that took it over, the first of them
      # @return [Ending]
      def self.applied(record) = new("applied", nil, nil, nil, record)

      # @param code [String] why
      # @param record [ActiveRecord::Base, nil] of which
      # @return [Ending]
      def self.ignored(code, record = nil) = new("ignored", code, nil, nil, record)

      # @param event [InboundEvent] whose attempt it was
      # @param error [Error]
      # @return [Ending] another attempt, as long as there are any
      def self.fault(event, error)
        last = event.attempts >= InboundEvent::ATTEMPTS
        state, after = last ? ["failed"] : ["pending", Drain::Backoff.seconds(error, event.attempts)]
        new(state, error.code || error.kind.to_s, Snapshot::Scrub.call(error.message), after, nil)
      end

      # @return [Hash{Symbol => Object}] columns of the event
      def columns
        now = Arel.sql(Sql.now)
        common = { state:, error_code: code, error_message: message, begun_at: nil, updated_at: now }
        return common.merge(run_at: Arel.sql(Sql.now(after))) if again?

        { **common, settled_at: now, **(failed? ? {} : { payload: nil }) }
      end

      # @return [Boolean]
      def again? = state == "pending"

      # @return [Boolean]
      def failed? = state == "failed"

      # @return [Symbol] for those who listen
      def outcome = again? ? :again : state.to_sym
    end
  end
end
