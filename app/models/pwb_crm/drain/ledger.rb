# frozen_string_literal: true

module PwbCrm
  class Drain
    # What one drain took of its account's limits, and what it used of them in the end; the difference is settled.
    #
    # @api private
    class Ledger
      # Seconds between two times that readings are written down.
      PAUSE = 1
      private_constant :PAUSE

      # @return [String] whose limits they are
      attr_reader :account
      # @return [Budget::Credits, nil]
      attr_reader :credits

      # @param integration [Integration]
      # @param terms [Terms]
      def initialize(integration, terms)
        @integration = integration
        @terms = terms
        @difference = Hash.new(0)
        @readings = {}
        @door = Door.new(integration, terms)
        @refusals = Refusals.new
        open_account
      end

      # @return [Integer, nil] see {Providers::Limits#together}
      def together = @limits.together

      # @param cost [Hash{String => Integer}] by bucket
      # @return [Array<Budget::Ask>] for those that are limited by rate
      def asks(cost)
        cost.filter_map { |bucket, count| @limits[bucket]&.then { |limit| Budget::Ask.of(limit, count) } }
      end

      # @param name [String]
      # @return [Providers::Limits::Limit, nil] of single ones, see {Providers::Limits#targets}
      def target(name) = @limits.targets.find { |limit| limit.bucket == name }

      # Takes from all of them, or from none.
      #
      # @param cost [Hash{String => Integer}] of each one
      # @param least [Integer]
      # @param most [Integer]
      # @return [Budget::Grant]
      def take(cost, least: 1, most: least)
        asks = asks(cost)
        @door.let_in(Budget.take(account, asks, least:, most:), asks, account).tap do |grant|
          asks.each { |ask| @difference[ask.bucket] -= ask.weight * grant.count }
        end
      end

      # @param cost [Hash{String => Integer}]
      # @return [Float] seconds until so much more of each may be taken
      def seconds(cost) = asks(cost).map { |ask| ask.step * ask.weight }.max.to_f

      # @param outcomes [Enumerable<Outcome>]
      # @return [void]
      def note(outcomes)
        go_first if outcomes.any? { |outcome| sent?(outcome) }
        outcomes.flat_map(&:calls).each do |call|
          charge = @terms.charge(call)
          count(call, charge)
          @refusals.note(call, charge)
          @readings.update(@terms.readings(call))
        end
      end

      # Gives back nothing of what was taken so far.
      #
      # @return [void]
      def keep
        @door.stay
        @difference.delete_if { |_, count| count.negative? }
      end

      # Writes down what differs, once nothing of what was taken is left to be sent.
      #
      # @return [void]
      def settle
        @door.leave
        spend
        correct
        @refusals.settle(account, @limits)
        learn if learning?
        follow unless account == @integration.budget_account
      end

      private

      def correct
        differences = @difference.select { |_, count| count.abs > Budget::TOLERANCE }
        Budget.correct(account, asks(differences)) if differences.any?
        @difference.clear
      end

      # What is left out by a client without a request proves nothing.
      def sent?(outcome) = outcome.calls.any? || !(outcome.success? || outcome.skipped?)

      # What it took at the door counts there alone.
      def go_first = @door.pass.each { |ask| @difference[ask.bucket] += ask.weight }

      # Where nobody says what a call took, it is what was taken for it: nothing is given back.
      def count(call, charge)
        return keep unless charge

        charge.each { |bucket, count| @difference[bucket] += count.fdiv([call.records.to_i, 1].max) }
      end

      def learning? = @readings.any? && @limits.all.any? && Monotonic.now - (@learned || 0) > PAUSE

      # Once it is known whose account it is, what was taken before was taken there. Where people connect anew in the
      # meantime, it is not known any more; what was taken of a shared account stays with those that share it.
      def follow
        Budget.move(account, @integration.budget_account) if account == @integration.own_account
        open_account
      end

      def open_account
        @account = @integration.budget_account
        @limits = @terms.limits(@integration.seen_limits(anew: true))
        @credits = (Budget::Credits.new(account, @limits.credits) if @limits.metered?)
      end

      def spend
        used = @difference.delete("credits") or return
        told = @readings.delete("credits")
        credits&.spend((used - Budget::TOLERANCE).ceil)
        credits&.learn(told[:remaining]) if told
      end

      def learn
        @learned = Monotonic.now
        Budget.learn(account, @readings, @limits.all.to_h { |limit| [limit.bucket, limit.step] })
        @readings.clear
      end
    end
  end
end
