# frozen_string_literal: true

module PwbCrm
  class Drain
    # How many deliveries to push before their results are written down. A worker that dies leaves all of a
    # push in doubt, so where each delivery is a call and the remote is slow there are fewer of them: as
    # many as the clients send at a time. A batch is one request, which comes back no sooner for being smaller.
    #
    # @api private
    class Pace
      # A push should not take longer, seconds.
      LONG = 1
      # The clients send at most so many at a time.
      FEWEST = 5

      # @return [Integer] deliveries to push next
      attr_reader :size

      # @param slice [Integer] at most so many, see {Providers::Base#slice}
      def initialize(slice)
        @most = [slice, 1].max
        @fewest = slice > 2 * FEWEST ? @most : [FEWEST, @most].min
        @size = @most
      end

      # Learns from a push.
      #
      # @yieldreturn [Object]
      # @return [Object] what the block gives
      def keep
        started = now
        yield.tap { adjust(now - started) }
      end

      private

      def adjust(seconds)
        @size = @fewest if seconds > LONG
        @size = @most if seconds < LONG / 2.0
      end

      def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
