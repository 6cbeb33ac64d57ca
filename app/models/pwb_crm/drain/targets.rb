# frozen_string_literal: true

module PwbCrm
  class Drain
    # What works write of which the remote takes only so many writes in a period, see {Providers::Base::Pacing#targets}:
    # when each of them may go. Only those wait that would be too many for theirs.
    #
    # @api private
    class Targets
      # Seconds that a request may take to get there, by which the remote counts it later than we do. What took longer
      # is noted anew.
      MARGIN = 1.0
      private_constant :MARGIN

      class << self
        # @param name [String] of the limit
        # @param target [String]
        # @return [String] the bucket of its log; says nothing of a person to who reads the database
        def bucket(name, target) = "#{name} #{Hmac.hex("targets", "#{name} #{target}").first(32)}"
      end

      # @param terms [Terms]
      # @param ledger [Ledger]
      def initialize(terms, ledger)
        @terms = terms
        @ledger = ledger
        @taken = {}
      end

      # Notes those that may go now.
      #
      # @param works [Hash{Delivery => Hash}] in their order
      # @return [Hash{Delivery => Float}] for how many seconds the others may not
      def take(works)
        @taken = {}
        wanted = works.transform_values { |work| buckets(work) }.reject { |_, limits| limits.empty? }
        return {} if wanted.empty?

        log(wanted.values.flat_map(&:keys)) { |logs, now| plan(wanted, logs, now) }
      end

      # Those are not to go after all.
      #
      # @param deliveries [Array<Delivery>]
      # @return [void]
      def release(deliveries) = rewrite(@taken.slice(*deliveries), nil)

      # @param outcomes [Hash{Delivery => Outcome}] of what was sent
      # @return [void]
      def note(outcomes)
        slow = Monotonic.now - @at.to_f > MARGIN / 2
        unused, used = @taken.partition { |delivery, _| unused?(outcomes[delivery]) }.map(&:to_h)
        rewrite(unused, nil)
        rewrite(used, :now) if slow
        @taken = {}
      end

      private

      def buckets(work)
        @terms.targets(work).filter_map { |name, target| limit_of(name, target) }.to_h
      end

      def limit_of(name, target)
        limit = @ledger.target(name)
        [self.class.bucket(name, target), limit] if limit
      end

      # For each in its order the time at which it may go; what may go now is noted, and what may go later is reckoned
      # with for those behind it.
      def plan(wanted, logs, now)
        @at = Monotonic.now
        lines = logs.transform_values(&:dup)
        wanted.filter_map do |delivery, limits|
          at = stand(lines, limits, now)
          at > now ? [delivery, at - now] : keep(delivery, limits, logs, now)
        end.to_h
      end

      def stand(lines, limits, now)
        at = [now, *limits.map { |bucket, limit| limit.free_at(lines[bucket]) + MARGIN }].max
        limits.each_key { |bucket| lines[bucket].push(at).sort! }
        at
      end

      def keep(delivery, limits, logs, now)
        limits.each { |bucket, limit| logs[bucket] = [*logs[bucket], now].last(limit.count) }
        @taken[delivery] = [limits.keys, now]
        nil
      end

      # Nothing was written there.
      def unused?(outcome)
        return false unless outcome&.success? || outcome&.skipped?

        outcome.calls.all? { |call| call.method == "GET" }
      end

      # Takes out what was noted for them, or notes it for now.
      def rewrite(taken, instead)
        return if taken.empty?

        log(taken.values.flat_map(&:first)) do |logs, now|
          taken.each_value do |buckets, at|
            buckets.each { |bucket| move(logs[bucket], at, (now if instead)) }
          end
        end
      end

      def move(times, from, to)
        place = times.index(from)
        times.delete_at(place) if place
        times << to if to
      end

      def log(buckets, &) = Budget.log(@ledger.account, buckets, &)
    end
  end
end
