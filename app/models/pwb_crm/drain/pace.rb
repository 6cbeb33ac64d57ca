# frozen_string_literal: true

module PwbCrm
  class Drain
    # How many deliveries to push before their results are written down. A worker that dies leaves all of a
    # push in doubt, and a push has to end within its lease: so where the remote is slow there are fewer of them, but
    # no fewer than come back no sooner, see {Providers::Base#small_slice}. After an outage a few go first, and twice as
    # many each time that something arrives.
    #
    # @api private
    class Pace
      # A push of calls for single records should not take longer, seconds.
      LONG = 1
      # One of batches has so many parts of the time that a push may take.
      PARTS = 3
      # So many in a small slice are a batch; those that can be pushed together are claimed together.
      BATCH = 100
      # So many find out whether a remote works again: one of them may fail for reasons of its own.
      PROBES = 3
      private_constant :PARTS, :BATCH

      # @param slices [Range] between so many, see {Push#slices}
      # @param probe [Boolean] whether they are to find out if the remote works again
      def initialize(slices, probe: false)
        @fewest, @most = slices.minmax
        @long = @fewest < BATCH ? LONG : PwbCrm.config.timeout.fdiv(PARTS)
        @size = @most
        @ramp = PROBES if probe
      end

      # @return [Integer] deliveries to push next
      def size = [@size, @ramp].compact.min

      # @param limit [Integer] of each batch
      # @return [Integer] deliveries to claim next: no more than are pushed, while there is doubt
      def room(limit) = @ramp ? [size, limit].min : limit * @size.ceildiv(BATCH)

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
        @size = @fewest if seconds > @long
        @size = @most if seconds < @long / 2.0
        self
      end

      def rise
        @ramp &&= @ramp * 2
        @ramp = nil if @ramp && @ramp >= @most
      end
    end
  end
end
