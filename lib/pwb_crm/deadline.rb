# frozen_string_literal: true

module PwbCrm
  # The moment after which the clients begin no request. It is one of the clock that goes on while a process is
  # stopped, and is handed down to the core as such: wherever the process was stopped on the way there, nothing is
  # sent late.
  # @api private
  module Deadline
    KEY = :pwb_crm_latest
    private_constant :KEY

    class << self
      # Whatever a client is asked for in the block is sent within so many seconds from here, or not at all. An
      # earlier end of an outer block holds. Threads and fibers that are begun in the block are not bound by it.
      #
      # @param seconds [Numeric]
      # @return [Object] what the block gives
      def within(seconds)
        outer = Thread.current[KEY]
        Thread.current[KEY] = earlier(outer, Monotonic.now + seconds)
        yield
      ensure
        Thread.current[KEY] = outer
      end

      # @param within [Numeric, nil] seconds that a caller allows
      # @return [Float, nil] the moment, in seconds of the monotonic clock; nil for none
      # @raise [ConfigurationError] for what is no number of seconds
      def latest(within = nil)
        own = Monotonic.now + Argument.number(within, "within").to_f unless nil.equal?(within)
        earlier(Thread.current[KEY], own)
      end

      # @return [Float] seconds until then; 0.0 if it has passed
      # @raise [ArgumentError] outside of {within}
      def left
        latest = Thread.current[KEY] or raise ArgumentError, "There is no deadline here."
        [latest - Monotonic.now, 0.0].max
      end

      private

      def earlier(*moments) = moments.compact.min
    end
  end
end
