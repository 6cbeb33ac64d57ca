# frozen_string_literal: true

module PwbCrm
  class Integration
    # Takes back at the remote what a disconnected integration has left there: the webhooks that were made, and the
    # grant. What fails in passing is tried again for a day, and later each time; what cannot be done is reported, so
    # that somebody does it by hand. Then what it took is dropped, too.
    #
    # @api private
    class Farewell
      # Seconds after which the remote is left as it is.
      PATIENCE = 86_400
      # Seconds between two tries.
      PAUSES = (60..3600)

      # @param integration [Integration] a disconnected one
      def initialize(integration)
        @integration = integration
      end

      # @return [Numeric, nil] seconds until it is to be tried again; nil once it is over
      def call
        return over if integration.copied? || (words = parting_words).nil?
        return pause unless Switch.on?

        done = step(:hooks) { remove_hooks(words) } && step(:revoke) { provider.revoke(words) }
        keep(words)
        done ? over : pause
      end

      private

      attr_reader :integration

      def provider = @provider ||= integration.provider

      # What no key opens any more is of no use.
      def parting_words
        integration.farewell
      rescue ActiveRecord::Encryption::Errors::Base => e
        Report.call(e, doing: "reading what it takes to say farewell for #{integration.label}")
        nil
      end

      def remove_hooks(words)
        provider.remove_hooks(integration.hooks, words) if integration.hooks.any?
        note(hooks: [])
      end

      # @return [Boolean] whether it is over, one way or another
      def step(name)
        yield
        tell(name, :done)
      rescue Error => e
        return given_up(name, e) unless e.retryable? && elapsed < PATIENCE

        tell(name, :failed, e)
        false
      end

      def given_up(name, error)
        Report.call(error, doing: "taking back at the remote what #{integration.label} has left there (#{name})")
        tell(name, :given_up, error)
      end

      def tell(name, outcome, error = nil)
        Events.emit(:disconnect, **Events.of(integration), step: name, outcome:,
                                                           error_code: error && (error.code || error.kind.to_s))
        true
      end

      # Tokens may have been renewed on the way.
      def keep(words) = note(farewell: words)

      def over
        note(farewell: nil, farewell_done_at: Arel.sql(Sql.now)) unless integration.farewell_done_at
        nil
      end

      # The longer it lasts the longer it waits.
      def pause = elapsed.clamp(PAUSES)

      def elapsed
        @elapsed ||= Integration.where(id: integration.id)
                                .pick(Arel.sql("-1 * #{Sql.seconds_until("disconnected_at")}")).to_f
      end

      def note(values)
        Integration.where(id: integration.id).note(values)
      end
    end
  end
end
