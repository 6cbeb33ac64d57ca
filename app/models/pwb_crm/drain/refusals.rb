# frozen_string_literal: true

module PwbCrm
  class Drain
    # Requests that met a limit all the same. Where it lets but one go at a time, a network's delays bring two of them
    # closer together than they went; so they go further apart for a while.
    #
    # @api private
    class Refusals
      STATUS = 429
      private_constant :STATUS

      def initialize
        @buckets = []
      end

      # @param call [Outcome::Call]
      # @param charge [Hash{String => Integer}, nil] what it took of each limit
      # @return [void]
      def note(call, charge)
        @buckets |= charge.keys if charge && call.status == STATUS
      end

      # @param account [String]
      # @param limits [Providers::Limits]
      # @return [void]
      def settle(account, limits)
        met = @buckets.filter_map { |bucket| limits[bucket] }
        @buckets = []
        met.each { |limit| Budget.widen(account, limit) if limit.burst == 1 }
      end
    end
  end
end
