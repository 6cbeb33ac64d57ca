# frozen_string_literal: true

module PwbCrm
  # What a client would do with deliveries, found out without a request: each is begun as for sending, and what it
  # would ask the remote first is thrown away.
  #
  # @api private
  module Preview
    class << self
      # @param works [Array<Hash>] as for `sync`
      # @yieldparam one [Array<Hash>] one of them
      # @yieldreturn [Native::Flow]
      # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it is not sent
      def of(works)
        keys = WorkInput.keys(Argument.list(works, "works"))
        keys.zip(works).to_h { |key, work| [key, one(work) { yield([work]) }] }
      end

      # @param works [Array<Hash>] as for `sync`
      # @yieldparam some [Array<Hash>] all of them, so that one that is malformed is named by its place, then each
      # @yieldreturn [Native::Flow]
      # @return [Hash{String => Array<String>}] by key: the names of the fields in the first request
      # @raise [ConfigurationError] for a work that is malformed
      def changes(works)
        keys = WorkInput.keys(Argument.list(works, "works"))
        yield(works)
        keys.zip(works).to_h { |key, work| [key, Runner.fields(yield([work]))] }
      end

      private

      def one(work)
        outcome = Runner.peek(yield)
        return without_a_request(outcome) if outcome

        linked?(work) ? :update : :create
      rescue Error => e
        e.message
      end

      def linked?(work) = !(work[:link] || work["link"]).nil?

      def without_a_request(outcome)
        outcome.action == :unchanged ? :unchanged : outcome.error&.message || outcome.reason
      end
    end
  end
end
