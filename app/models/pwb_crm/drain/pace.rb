# frozen_string_literal: true

module PwbCrm
  class Drain
    # How many deliveries to push before their results are written down. A worker that dies leaves all of a
    # push in doubt, so where each delivery is a call and the remote is slow there are fewer of them: as
    # many as the clients send at a time. A batch is one request, which comes back no sooner for being smaller.
    # After an outage a few go first, and twice as many each time that something arrives.
    #
    # @api private
    class Pace
      # A push should not take longer, seconds.
      LONG = 1
      # The clients send at most so many at a time.
      FEWEST = 5
      # So many find out whether a remote works again: one of them may fail for reasons of its own.
      PROBES = 3

      # @param slice [Integer] at most so many, see {Providers::Base#slice}
      # @param probe [Boolean] whether they are to find out if the remote works again
      def initialize(slice, probe: false)
        @most = [slice, 1].max
        @fewest = slice > 2 * FEWEST ? @most : [FEWEST, @most].min
        @size = @most
        @ramp = PROBES if probe
      end

      # @return [Integer] deliveries to push next
      def size = [@size, @ramp].compact.min

      # @param limit [Integer]
      # @return [Integer] deliveries to claim next: no more than are pushed, while there is doubt
      def room(limit) = @ramp ? [size, limit].min : limit

      # Learns from a push.
      #
      # @yieldreturn [Object]
      # @return [Object] what the block gives
      def keep
        started = Monotonic.now
        yield.tap { adjust(Monotonic.now - started) && rise }
      end

      private

      def adjust(seconds)
        @size = @fewest if seconds > LONG
        @size = @most if seconds < LONG / 2.0
        self
      end

      def rise
        @ramp &&= @ramp * 2
        @ramp = nil if @ramp && @ramp >= @most
      end
    end
  end
end
