# frozen_string_literal: true

require "active_support/notifications"

module PwbCrm
  # What the engine tells through ActiveSupport::Notifications, as `NAME.pwb_crm`. Each event has always the same keys;
  # what is not known is nil. No payload holds a secret or a value of a record.
  #
  # @example
  #   ActiveSupport::Notifications.subscribe("dead_letter.pwb_crm") { |event| page(event.payload[:reason]) }
  module Events
    # In every event.
    COMMON = %i[integration_id website_id platform].freeze
    # In those about one delivery.
    RECORD = %i[record_type record_id delivery_id action attempt].freeze
    # Event to its keys.
    PAYLOADS = {
      note: %i[record_type record_id action count],
      wake: %i[count outcome],
      drain: %i[outcome reason delivered failed skipped duration_ms],
      deliver: [*RECORD, :outcome, :status, :error_code, :duration_ms, :request_id, :reason],
      dead_letter: [*RECORD, :error_code, :reason],
      limit: %i[seconds reason status],
      breaker: %i[change failures seconds],
      health: %i[was state since reason],
      renew: %i[outcome error_code duration_ms],
      receive: %i[outcome event_type event_id status duration_ms],
      apply: %i[record_type record_id attempt event_type event_id outcome error_code duration_ms],
      replay: %i[count by],
      discard: %i[count by],
      replay_events: %i[count by],
      discard_events: %i[count by],
      resync: %i[run_id state noted total],
      erase: %i[receipt_id record_type record_id state],
      disconnect: %i[step outcome error_code],
      sweep: %i[count duration_ms],
      reconcile: %i[count duration_ms],
      prune: %i[count duration_ms],
      fault: %i[record_type record_id doing error_class]
    }.transform_values { |keys| [*COMMON, *keys].freeze }.freeze
    # Event to a payload of which nothing is known.
    BLANK = PAYLOADS.transform_values { |keys| keys.to_h { |key| [key, nil] }.freeze }.freeze
    private_constant :BLANK

    class << self
      # Tells everybody who listens. What they raise is reported and goes no further: they may be called within a save.
      #
      # @api private
      # @param name [Symbol] one of {PAYLOADS}
      # @param payload [Hash{Symbol => Object}] some of its keys
      # @return [void]
      # @raise [ArgumentError] for an event or a key that is not in the list
      def emit(name, **payload)
        blank = known_keys(name, payload)
        instrument(name, blank.merge(payload)) if listening?(name)
      end

      # Times the block and tells of it afterwards, whether it raises or not.
      #
      # @api private
      # @param name [Symbol] one of {PAYLOADS} with `duration_ms`
      # @param payload [Hash{Symbol => Object}] some of its keys
      # @yieldparam payload [Hash{Symbol => Object}] to which the block adds what comes of it
      # @return [Object] what the block answers
      # @raise [ArgumentError] for an event or a key that is not in the list
      def measure(name, **payload)
        known_keys(name, { duration_ms: nil, **payload })
        start = Monotonic.now
        begin
          yield payload
        ensure
          emit(name, **payload, duration_ms: ((Monotonic.now - start) * 1000).to_i)
        end
      end

      # Tells each integration's part of what was done to many at once.
      #
      # @api private
      # @param name [Symbol] one of {PAYLOADS} with `count`
      # @param owners [Array<Integer>] the integration's id of each that was counted
      # @param payload [Hash{Symbol => Object}] some of its keys
      # @return [void]
      # @raise [ArgumentError] for an event or a key that is not in the list
      def emit_each(name, owners, **payload)
        known_keys(name, { count: nil, **payload })
        return unless listening?(name)

        owners.tally.each { |integration_id, count| emit(name, **payload, integration_id:, count:) }
      end

      # @api private
      # @param name [Symbol] one of {PAYLOADS}
      # @return [Boolean] whether anybody would hear it, for loops that had much to tell
      def listening?(name) = ActiveSupport::Notifications.notifier.listening?("#{name}.pwb_crm")

      # @api private
      # @param integration [Integration]
      # @return [Hash{Symbol => Object}] its part of a payload
      def of(integration)
        { integration_id: integration.id, website_id: integration.website_id, platform: integration.platform }
      end

      # @api private
      # @param delivery [Delivery]
      # @return [Hash{Symbol => Object}] its part of a payload
      def about(delivery)
        { record_type: delivery.record_type, record_id: delivery.record_id, delivery_id: delivery.id,
          action: delivery.action, attempt: delivery.attempts }
      end

      private

      def known_keys(name, payload)
        blank = BLANK.fetch(name) { raise ArgumentError, "There is no event #{name.inspect}." }
        return blank if payload.each_key.all? { |key| blank.key?(key) }

        unknown = payload.keys - blank.keys
        raise ArgumentError, "The event #{name} has no #{unknown.join(", ")}; it has #{blank.keys.join(", ")}."
      end

      # A listener that fails at a fault would be told of the fault that it made.
      def instrument(name, payload)
        ActiveSupport::Notifications.instrument("#{name}.pwb_crm", payload)
        nil
      rescue StandardError => e
        about = payload.slice(*PAYLOADS[:fault])
        Report.call(e, doing: "telling of #{name}.pwb_crm", about:) unless name == :fault
      end
    end
  end
end
