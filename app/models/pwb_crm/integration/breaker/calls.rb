# frozen_string_literal: true

module PwbCrm
  class Integration
    module Breaker
      # What the outcomes of a slice say about the remote itself, in order. A request that many deliveries shared counts
      # once.
      #
      # @api private
      class Calls
        # Kinds of errors after which nobody knows whether the remote works at all.
        FAILING = %i[remote timeout connection].freeze
        # Kinds that are an answer about the record.
        ANSWERS = %i[validation conflict not_found].freeze
        # Kinds that say something about all records, if they come again and again.
        REFUSING = %i[permission configuration].freeze
        # The app's own database did not give a record.
        OURS = "host_database"
        private_constant :FAILING, :ANSWERS, :REFUSING, :OURS

        # @param outcomes [Hash{Delivery => Outcome}]
        # @param refusing [Array<Symbol>] further kinds like permission
        # @param blamed [Set<Delivery>] whose failures are their own, see {Blame}
        def initialize(outcomes, refusing: [], blamed: Set.new)
          @outcomes = outcomes.values
          @own = outcomes.values_at(*blamed).to_set
          @refusing = REFUSING + refusing
        end

        # @param error [Error]
        # @return [Boolean] whether it tells of a remote that does not work
        def self.failing?(error) = FAILING.include?(error.kind) && error.attempted? && error.code != OURS

        # @param outcome [Outcome]
        # @return [Boolean] whether the remote took it. What was left as it is may not have been asked about
        def self.arrived?(outcome) = outcome.status == :succeeded || (outcome.success? && outcome.calls.any?)

        # @return [Boolean] whether something arrived
        def succeeded? = @outcomes.any? { |outcome| arrived?(outcome) }

        # @return [Boolean] whether the remote did what a remote does
        def answered?
          succeeded? || @outcomes.any? { |outcome| outcome.error && (ANSWERS - @refusing).include?(outcome.error.kind) }
        end

        # @return [Integer] requests that failed since one did not; but for those of a record that fails again and again
        #   by its own fault, unless there was no connection at all
        def failures
          requests = failed.select { |outcome| telling?(outcome) }.group_by { |outcome| request(outcome) }
          requests.each_value.sum { |shared| weight(shared) }.ceil
        end

        # @return [Boolean] whether any failed since one did not
        def failed? = failed.any?

        # @return [Error, nil] the last failure of those
        def failure = failed.last&.error

        # @return [Array<Error>] with which requests were refused since one was not
        def refusals = tail { |error| @refusing.include?(error.kind) }.map(&:error)

        private

        def failed = tail { |error| self.class.failing?(error) }

        def telling?(outcome) = outcome.error.kind == :connection || !@own.include?(outcome)

        def tail
          told = @outcomes.select { |outcome| arrived?(outcome) || outcome.error&.attempted? }
          told.reverse.take_while { |outcome| outcome.error && yield(outcome.error) }.reverse
        end

        def arrived?(outcome) = self.class.arrived?(outcome)

        # What never came to a call of its own failed together with others.
        def request(outcome) = outcome.calls.empty? ? outcome.error.message : outcome

        def weight(shared)
          call = shared.first.calls.last
          call ? 1.0 / (call.records || 1) : 1
        end
      end
    end
  end
end
