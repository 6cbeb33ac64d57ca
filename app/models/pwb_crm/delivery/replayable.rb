# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What people do about dead letters: send them again, or put them aside. Also for what is held. Everything
    # else in a selection is left as it is.
    #
    # @example
    #   PwbCrm::Delivery.find(12).replay!
    #   PwbCrm::Delivery.dead.where(record_type: "contact").replay
    #   PwbCrm::Delivery.replay(since: 2.hours.ago, integration:, code: "INVALID_DATA")
    #   PwbCrm::Delivery.where(id: [12, 14]).discard(by: "Ana")
    module Replayable
      extend ActiveSupport::Concern

      # States that wait for people.
      FOR_PEOPLE = %w[failed held].freeze

      included { scope :replayable, -> { where(state: FOR_PEOPLE) } }

      # Class methods of {Delivery}, for any selection.
      module ClassMethods
        # Sends dead letters again, in their records' present state. Attempts are counted anew; doubt, event id and
        # a delete's tombstone stay.
        #
        # @param by [String, nil] who or what does so, for the event
        # @param only [Hash] as in {#narrowed}
        # @return [Replay::Result] how many went back in line, and how many did not
        def replay(by: nil, **only) = with_ids(narrowed(**only)) { |ids| Replay.new(ids, by:).call }

        # Puts dead letters aside: they become `skipped`, with the code "discarded". What is in doubt stays so for
        # the record's next delivery.
        #
        # @param by [String, nil] who or what does so, for their message
        # @param only [Hash] as in {#narrowed}
        # @return [Integer] how many there were
        def discard(by: nil, **only) = with_ids(narrowed(**only)) { |ids| Discard.new(ids, by:).call }

        # @param since [Time, nil] only what became a dead letter then or later
        # @param integration [Integration, Integer, nil]
        # @param code [String, nil] of the error
        # @return [ActiveRecord::Relation<Delivery>] what can be replayed or discarded
        def narrowed(since: nil, integration: nil, code: nil)
          rows = replayable
          rows = rows.where(settled_at: since..) if since
          rows = rows.where(integration:) if integration
          code ? rows.where(error_code: code) : rows
        end

        private

        # A selection's own conditions would go on holding for the queries of a job that runs inline.
        def with_ids(rows)
          ids = rows.ids
          unscoped { yield(ids) }
        end
      end

      # @param by [String, nil] who or what does so, for the event
      # @return [Symbol] :replayed; or :superseded, where a newer delivery of the record stands for it
      # @raise [ConfigurationError] for what is no dead letter
      # @raise [ConflictError] while another transaction holds it; nothing has changed then
      def replay!(by: nil)
        result = Delivery.unscoped.where(id:).replay(by:)
        settled(result.replayed + result.superseded, "replay")
        result.replayed == 1 ? :replayed : :superseded
      end

      # @param by [String, nil] who or what does so, for its message
      # @return [void]
      # @raise [ConfigurationError] for what is no dead letter
      # @raise [ConflictError] while another transaction holds it; nothing has changed then
      def discard!(by: nil) = settled(Delivery.unscoped.where(id:).discard(by:), "discard")

      private

      def settled(count, verb)
        reload
        return if count == 1

        name = "Delivery #{id} (#{label})"
        raise ConflictError, "#{name} is held by another transaction: try again." if FOR_PEOPLE.include?(state)

        raise ConfigurationError, "#{name} is #{state}, so there is nothing to #{verb}. To send its record, " \
                                  "change it or call PwbCrm.track with it."
      end
    end
  end
end
