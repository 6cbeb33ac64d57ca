# frozen_string_literal: true

module PwbCrm
  class Drain
    # Tells who listens ({Events}) what became of deliveries, once it is written down.
    #
    # @api private
    class Telling
      # Verdict to what it counts as.
      COUNTED = { succeeded: :delivered, skipped: :skipped, again: :failed, failed: :failed }.freeze
      private_constant :COUNTED

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
        @about = Events.of(integration)
        @tally = { delivered: 0, failed: 0, skipped: 0 }
      end

      # @yieldreturn [Symbol] how the drain ended
      # @return [Symbol] the same
      def drain
        Events.measure(:drain, **@about, outcome: :broken_off) do |told|
          yield.tap do |ended|
            told[:outcome] = ended
            people
          end
        ensure
          told.merge!(@tally)
        end
      end

      # Tells people of dead letters, if there were any: of all at once.
      #
      # @return [void]
      def people
        return unless @given_up

        Roundup.dead_letters.tell(@integration)
        Integration::Watch.review(@integration)
      end

      # @param verdicts [Array<Verdict>]
      # @return [void]
      def settled(verdicts)
        verdicts.each do |verdict|
          count(verdict.state)
          deliver(verdict) if verdict.told?
        end
        dead_letters(verdicts.select { |verdict| verdict.state == :failed }.map(&:ending))
      end

      # @param endings [Array<Delivery::Ending>]
      # @return [void]
      def dead_letters(endings)
        @given_up ||= endings.any?
        endings.each do |ending|
          Events.emit(:dead_letter, **@about, **Events.about(ending.delivery),
                      error_code: ending.code, reason: ending.message)
        end
      end

      private

      def count(state)
        counted = COUNTED[state]
        @tally[counted] += 1 if counted
      end

      def deliver(verdict)
        return unless Events.listening?(:deliver)

        outcome = verdict.outcome
        Events.emit(:deliver, **@about, **Events.about(verdict.delivery), **SyncLog.answer(outcome),
                    outcome: verdict.state, error_code: verdict.code, reason: verdict.message,
                    request_id: outcome.request_id)
      end
    end
  end
end
