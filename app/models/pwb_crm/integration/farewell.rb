# frozen_string_literal: true

module PwbCrm
  class Integration
    # Takes back at the remote what a disconnected integration has left there: the webhooks that were made, and the
    # grant. What fails in passing is tried again for a day, and later each time; what cannot be done is reported, so
    # that somebody does it by hand. Then what it took is dropped, too. It holds the integration's lease, because two at
    # a time would end each other's tokens.
    #
    # @api private
    class Farewell
      # Seconds after which the remote is left as it is.
      PATIENCE = 86_400
      # Seconds between two tries.
      PAUSES = (60..3600)
      # Requests that a step takes beside one for each webhook: tokens are renewed, asked for and ended.
      CALLS = 5

      # @param integration [Integration] a disconnected one
      def initialize(integration)
        @integration = integration
      end

      # @return [Numeric, nil] seconds until it is to be tried again; nil once it is over
      def call
        return if integration.farewell_done_at

        @lease = Lease.acquire(integration.id) or return Lease.time
        integration.reload
        take_back
      rescue Lease::Lost => e
        Report.call(e, doing: "saying farewell for #{integration.label}, whose lease another worker took over,",
                       about: Events.of(integration))
        Lease.time
      ensure
        @lease&.release
      end

      private

      attr_reader :integration

      def take_back
        return over if integration.copied?
        return leave_behind unless (words = parting_words)
        return pause unless Switch.on?

        done = steps(words).all? { |name, taken| step(name, &taken) }
        keep(words)
        done ? over : pause
      end

      # The grant at last, because the others need it.
      def steps(words)
        found = -> { provider.remove_hooks_to(words["address"], words) } if words["address"]
        { hooks: -> { remove_hooks(words) }, address: found, revoke: -> { provider.revoke(words) } }.compact
      end

      # Without what it takes to sign in nothing can be taken back.
      def leave_behind
        step(:hooks) { raise ConfigurationError, "Remove by hand at the remote: #{left}." } if integration.hooks.any?
        over
      end

      def provider = @provider ||= integration.provider

      # What no key opens any more is of no use.
      def parting_words
        integration.farewell
      rescue ActiveRecord::Encryption::Errors::Base => e
        Report.call(e, doing: "reading what it takes to say farewell for #{integration.label}",
                       about: Events.of(integration))
        nil
      end

      def remove_hooks(words)
        provider.remove_hooks(integration.hooks, words) if integration.hooks.any?
        note(hooks: [])
      end

      # @return [Boolean] whether it is over, one way or another
      def step(name)
        @lease.renew((CALLS + integration.hooks.size) * PwbCrm.config.timeout)
        tell(name, yield == Providers::Base::Parting::LEFT ? :left : :done)
      rescue Lease::Lost
        raise
      rescue StandardError => e
        fail_for(name, e, "taking back at the remote what #{integration.label} has left there (#{what(name)})")
      end

      # What to do by hand, if it comes to that.
      def what(name)
        return "webhooks to this app" if name == :address

        name == :hooks && integration.hooks.any? ? "hooks: #{left}" : name
      end

      def left = integration.hooks.map { |hook| hook.values_at("type", "id").join(" ") }.join(", ")

      # What a provider of the host's raises may be mended meanwhile, but the data of who left wait for nobody's code.
      def fail_for(name, fault, doing)
        about = Events.of(integration)
        error = Report.as_error(fault, doing:, about:)
        passing = error.retryable? || !fault.is_a?(Error)
        return tell(name, :failed, error) && false if passing && elapsed < PATIENCE

        Report.call(error, doing:, about:)
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
        note(farewell: nil, farewell_done_at: Arel.sql(Sql.now))
        nil
      end

      # The longer it lasts the longer it waits.
      def pause = elapsed.clamp(PAUSES)

      def elapsed
        @elapsed ||= Integration.where(id: integration.id)
                                .pick(Arel.sql("-1 * #{Sql.seconds_until("disconnected_at")}")).to_f
      end

      def note(values) = @lease.fence(values)
    end
  end
end
