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
        def initialize(outcomes, refusing: [])
          @outcomes = outcomes.values
          @tried_before = outcomes.filter_map { |delivery, outcome| outcome if delivery.attempts > 1 }.to_set
          @refusing = REFUSING + refusing
        end

        # @param error [Error]
        # @return [Boolean] whether it tells of a remote that does not work
        def self.failing?(error) = FAILING.include?(error.kind) && error.attempted? && error.code != OURS

        # @return [Boolean] whether something arrived
        def succeeded? = @outcomes.any? { |outcome| arrived?(outcome) }

        # @return [Boolean] whether the remote did what a remote does
        def answered?
          succeeded? || @outcomes.any? { |outcome| outcome.error && (ANSWERS - @refusing).include?(outcome.error.kind) }
        end

        # @return [Integer] requests that failed since one did not. A record that failed before may do so for reasons of
        #   its own, again and again, unless there was no connection at all
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

        def telling?(outcome) = outcome.error.kind == :connection || !@tried_before.include?(outcome)

        def tail
          told = @outcomes.select { |outcome| arrived?(outcome) || outcome.error&.attempted? }
          told.reverse.take_while { |outcome| outcome.error && yield(outcome.error) }.reverse
        end

        # What was left as it is may not have been asked about.
        def arrived?(outcome) = outcome.status == :succeeded || (outcome.success? && outcome.calls.any?)

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
