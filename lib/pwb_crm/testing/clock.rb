# frozen_string_literal: true

module PwbCrm
  module Testing
    # A clock that moves only when told. Hand it to a fake with +clock:+ to test what takes hours: dead access
    # tokens, refresh limits, forgotten idempotency keys, stale webhook timestamps.
    #
    # @example
    #   clock = PwbCrm::Testing::Clock.new
    #   zoho = PwbCrm::Testing::FakeZoho.new(clock: clock)
    #   clock.advance(3601) # the access token is dead now
    class Clock
      # @param time [Time] where it starts
      def initialize(time = Time.now)
        @time = time
        @lock = Mutex.new
      end

      # @return [Time] the time it shows
      def call
        @lock.synchronize { @time }
      end
      alias now call

      # @param seconds [Numeric] how far to move, in seconds
      # @return [Time] the new time
      def advance(seconds)
        @lock.synchronize { @time += seconds }
      end
    end
  end
end
