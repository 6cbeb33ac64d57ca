# frozen_string_literal: true

module PwbCrm
  class InboundEvent
    # What people do about events that failed: have them applied again, or put them aside. Everything else in a
    # selection is left as it is.
    #
    # @example
    #   PwbCrm::InboundEvent.find(12).replay!
    #   PwbCrm::InboundEvent.replay(since: 2.hours.ago, integration:, code: "handler_failed")
    #   PwbCrm::InboundEvent.where(id: [12, 14]).discard(by: "Ana")
    module Replayable
      extend ActiveSupport::Concern

      # States that wait for people.
      FOR_PEOPLE = %w[failed].freeze
      # Rows changed at once.
      CHUNK = 500
      # The message keeps what it said before.
      ASIDE = "state = 'ignored', payload = NULL, error_code = :code, " \
              "error_message = :text || COALESCE('. Before: ' || error_message, '.')"
      private_constant :CHUNK, :ASIDE

      # Class methods of {InboundEvent}, for any selection.
      module ClassMethods
        # Has events that failed applied again, with all their attempts before them.
        #
        # @param by [String, nil] who or what does so, for the event
        # @param only [Hash] as in {#narrowed}
        # @return [Integer] how many there were
        def replay(by: nil, **only)
          back = "state = 'pending', attempts = 0, run_at = #{Sql.now}, settled_at = NULL"
          change(narrowed(**only), back) do |owners|
            ActiveRecord.after_all_transactions_commit { owners.uniq.each { |id| Inbound.wake(id) } }
            Events.emit_each(:replay_events, owners, by:)
          end
        end

        # Puts events that failed aside: they become `ignored`, with the code "discarded", and what they held is
        # dropped.
        #
        # @param by [String, nil] who or what does so, for their message
        # @param only [Hash] as in {#narrowed}
        # @return [Integer] how many there were
        def discard(by: nil, **only)
          text = ["discarded", *("by #{Snapshot::Scrub.call(by.to_s)}" if by.present?)].join(" ")
          change(narrowed(**only), ASIDE, text:, code: Delivery::Discard::CODE) do |owners|
            Events.emit_each(:discard_events, owners, by:)
          end
        end

        # @param since [Time, nil] only what failed then or later
        # @param integration [Integration, Integer, nil]
        # @param code [String, nil] of the error
        # @return [ActiveRecord::Relation<InboundEvent>] what can be replayed or discarded
        def narrowed(since: nil, integration: nil, code: nil)
          rows = where(state: FOR_PEOPLE)
          rows = rows.where(settled_at: since..) if since
          rows = rows.where(integration:) if integration
          code ? rows.where(error_code: code) : rows
        end

        private

        # A selection's own conditions would go on holding for the queries of a job that runs inline.
        def change(rows, changes, **values)
          ids = rows.ids
          unscoped do
            owners = ids.each_slice(CHUNK).flat_map { |some| change_failed(some, changes, values) }
            yield owners
            owners.size
          end
        end

        def change_failed(ids, changes, values)
          run("UPDATE #{quoted_table_name} SET #{changes}, updated_at = #{Sql.now} " \
              "WHERE id IN (:ids) AND state IN (:states) RETURNING integration_id",
              ids:, states: FOR_PEOPLE, **values).rows.flatten
        end
      end

      # Has one that failed applied again.
      #
      # @param by [String, nil] who or what does so, for the event
      # @return [void]
      # @raise [ConfigurationError] for one that has not failed
      def replay!(by: nil) = settled(self.class.unscoped.where(id:).replay(by:), "replay")

      # Puts one that failed aside.
      #
      # @param by [String, nil] who or what does so, for its message
      # @return [void]
      # @raise [ConfigurationError] for one that has not failed
      def discard!(by: nil) = settled(self.class.unscoped.where(id:).discard(by:), "discard")

      private

      def settled(count, verb)
        reload
        return if count == 1

        raise ConfigurationError, "Inbound event #{id} is #{state}, so there is nothing to #{verb}. What was applied " \
                                  "or ignored holds nothing any more, and a repeat of it is not taken: change the " \
                                  "record in the remote system once more."
      end
    end
  end
end
