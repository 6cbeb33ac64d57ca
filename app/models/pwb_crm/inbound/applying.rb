# frozen_string_literal: true

module PwbCrm
  module Inbound
    # Applies one event: the host's handler, the order of its record and the end of the event in one transaction, so
    # that all of it has happened or nothing, however often the event comes and whoever dies.
    #
    # @api private
    class Applying
      # The `error_code` of what the host's handler raised at.
      HANDLER_FAILED = "handler_failed"
      # Takes back what was done to an event that another worker has by now.
      class NotMine < StandardError; end
      # The same, where another change of the record was taken over while the handler was at it.
      class Overtaken < StandardError; end
      # How often that may be before the event waits for another attempt, and what is its `error_code` then.
      TIMES = 3
      OVERTAKEN = "overtaken"
      private_constant :NotMine, :Overtaken, :TIMES

      # @param event [InboundEvent] a claimed one
      # @param integration [Integration] its own
      def initialize(event, integration)
        @event = event
        @integration = integration
      end

      # @return [Ending, nil] nil if another worker has it
      def call
        begun = event.begin_attempt
        Events.measure(:apply, **told) do |payload|
          ending = attempt if begun
          about = named(ending&.record || @handled)
          payload.update(outcome: ending&.outcome || :lost, error_code: ending&.code, **about)
          ending
        end
      end

      private

      attr_reader :event, :integration

      def told
        { attempt: event.attempts, event_type: event.event_type, event_id: event.event_id, **Events.of(integration) }
      end

      def attempt(again = TIMES)
        InboundEvent.transaction(requires_new: true) do
          ending = apply if event.hold
          ending && event.settle(ending) ? ending : raise(NotMine)
        end
      rescue NotMine
        nil
      rescue Overtaken
        again.positive? ? attempt(again - 1) : fail_for(overtaken)
      rescue StandardError, ScriptError, SystemStackError => e
        fail_for(as_error(e))
      end

      # What the host's code raises is no fault of the gem's, nor what the gem's own errors mean.
      def as_error(fault)
        error = Report.as_error(fault, doing: "applying #{label}", about: Events.of(integration))
        @in_handler ? ConfigurationError.new(error.message, code: HANDLER_FAILED) : error
      end

      def overtaken
        ConflictError.new("Whenever #{label} was handed over, its record's link was changed.", code: OVERTAKEN)
      end

      def fail_for(error)
        ending = Ending.fault(event, error)
        return unless event.settle(ending)

        return ending unless ending.failed?

        Report.call(error, doing: "applying #{label} for the last time", about: Events.of(integration))
        ending
      end

      def label = "inbound event #{event.id} of #{integration.label}"

      def apply
        entries = Bundle.entries(event)
        entries ? unpack(entries) : apply_one
      end

      def unpack(entries)
        InboundEvent.store(integration, entries)
        Ending.applied(nil)
      end

      def apply_one
        change = integration.provider.interpret(event) or return Ending.ignored("unsupported")
        targets = Targets.new(integration, change)
        found = targets.call
        found.any? ? hand_over(found, change) : Ending.ignored(targets.missing)
      end

      def hand_over(targets, change)
        handled = targets.select(&:handler)
        return Ending.ignored("no_handler", targets.first.record) if handled.empty?

        taken = take_over(handled, change)
        taken ? Ending.applied(taken.record) : Ending.ignored("stale", handled.first.record)
      end

      # @return [Target, nil] the first that took it
      def take_over(targets, change)
        taken = targets.filter_map { |target| target.left_of(change)&.then { |left| hear(target, left) } }
        raise Overtaken unless taken.all? { |target, learned| target.advance(change, learned) }

        taken.dig(0, 0)
      end

      # @return [Array(Target, Hash)] and what its link has learned
      def hear(target, change)
        lesson = Lesson.new(integration, target.link, change)
        call_handler(target, change)
        [target, lesson.call]
      end

      def call_handler(target, change)
        @handled = target.record
        @in_handler = true
        target.handler.call(target.record, change)
        @in_handler = false
      rescue ActiveRecord::Rollback
        # The transaction would swallow it, and the worker seem to have died.
        raise ConfigurationError, "The handler of #{label} raised ActiveRecord::Rollback: it is to raise another error."
      end

      def named(record) = record ? { record_type: Kinds.of(record), record_id: record.id.to_s } : {}
    end
  end
end
