# frozen_string_literal: true

module Chaos
  # Waits while deliveries get less, and gives up when they do not any more: what is left then is stuck.
  class Patience
    # Seconds without any progress.
    STUCK = 45
    # Ticks between two looks at what is left.
    LOOKS = 6

    # @yield one tick of the harness
    def initialize(&tick)
      @tick = tick
    end

    # @yieldparam left [Integer] deliveries that are under way
    # @yieldreturn [Boolean] whether that will do
    # @return [void]
    def wait
      least = Float::INFINITY
      fell = Clock.now
      loop do
        left = PwbCrm::Delivery.where(state: PwbCrm::Delivery::UNDELIVERED).count
        fell = Clock.now if left < least
        least = [least, left].min
        return if yield(left) || Clock.now > fell + STUCK

        LOOKS.times(&@tick)
      end
    end
  end
end
