# frozen_string_literal: true

module PwbCrm
  class Integration
    # Leaves a remote alone whose calls keep failing, then asks with a few deliveries whether it works again. While it
    # does not, deliveries wait; afterwards they go out in order, few at a time first.
    #
    #   closed ── outage_after failures in a row ── open ── pause over ── half open ── success ── closed
    #                                                 └──── longer ── failure ──┘
    #
    # @api private
    module Breaker
      # Seconds between two probes at most; and after a {DAY}.
      LONGEST = 900
      LONGEST_LATER = 3600
      DAY = 86_400
      # So many failed calls in a row are no accident.
      FEW = 2
      private_constant :FEW

      # What a slice made of the breaker: :opened, :probe_failed, :closed or nil; after how many failures, and in how
      # many seconds it is asked again; whether failures of probes count as attempts by now; which deliveries are to
      # blame for their failures; columns of the integration that whoever settles the slice has to write along, under
      # the lease.
      Finding = Data.define(:change, :failures, :seconds, :counted, :error, :blamed, :columns) do
        def initialize(change: nil, failures: 0, seconds: nil, counted: true, error: nil, blamed: [], columns: {})
          super
        end

        # @return [Boolean] whether the remote works again
        def closed? = change == :closed
      end

      # @return [Boolean] whether the next deliveries are to find out if the remote works again
      def probing? = outages.positive?

      # @return [Boolean] whether its calls keep failing
      def failing? = probing? || failures_in_row >= FEW

      # Counts, and opens or closes the breaker. A slice after which it may not send anyway counts nothing.
      #
      # @param outcomes [Hash{Delivery => Outcome}] of one slice
      # @return [Finding]
      def learn_from(outcomes)
        return Finding.new unless deliverable?

        blamed = Blame.new(self, outcomes).deliveries
        calls = Calls.new(outcomes, refusing: custom? ? %i[not_found] : [], blamed:)
        refusals = Refusals.new(self, calls)
        finding = find(calls, refusals.hopeless)
        tell_of(finding) if finding.change
        finding.with(blamed:, columns: finding.columns.merge(assume(refusals.columns)))
      end

      private

      def find(calls, refusal)
        return trip(Refusals::MANY, refusal) if refusal

        probing? && calls.answered? ? close(calls.failures) : count(calls)
      end

      def count(calls)
        failures = calls.failures + (calls.succeeded? ? 0 : failures_in_row)
        return trip(failures, calls.failure) if calls.failed? && (probing? || failures >= PwbCrm.config.outage_after)

        Finding.new(failures:, columns: assume(failures_in_row: failures))
      end

      def trip(failures, error)
        change = probing? ? :probe_failed : :opened
        counted = change == :opened || out_for >= PwbCrm.config.outage_patience
        seconds = probe_pause(outages + 1)
        hold_off(seconds, outage_reason(failures, error), code: "outage", failures_in_row: failures,
                                                          outages: outages + 1, outage_since: begun)
        tell_of_long_outage
        Finding.new(change:, failures:, seconds:, counted:, error:)
      end

      # Once: at the probe after which the last failure before it is too old.
      def tell_of_long_outage
        long = PwbCrm.config.disable_notice_after
        return if outage_since.nil? || last_failed_at.nil? || last_failed_at - outage_since >= long || out_for < long

        Notifier.tell(:endpoint_disabled, self, why: state_reason, since: outage_since)
      end

      def begun = Arel.sql("COALESCE(outage_since, #{Sql.now})")

      def close(failures)
        columns = assume(failures_in_row: failures, outages: 0, outage_since: nil)
        Finding.new(change: :closed, failures:, columns:)
      end

      # Each twice as long as the one before, by chance up to a quarter shorter or longer.
      def probe_pause(times)
        longest = out_for >= DAY ? LONGEST_LATER : LONGEST
        [PwbCrm.config.outage_pause * (2**(times - 1).clamp(0, 20)), longest].min * (0.75 + (rand / 2))
      end

      # Seconds since the outage began, by the database's clock.
      def out_for
        return 0 unless outage_since

        -self.class.where(id:).pick(Arel.sql(Sql.seconds_until("outage_since"))).to_f
      end

      def outage_reason(failures, error)
        told = [("HTTP #{error.status}" if error.status), error.code || error.kind].compact.uniq.join(", ")
        "The last #{failures} calls in a row failed (#{told}). A few deliveries find out whether it works again."
      end

      def tell_of(finding)
        Events.emit(:breaker, **Events.of(self), change: finding.change, failures: finding.failures,
                                                 seconds: finding.seconds&.round(1))
      end
    end
  end
end
