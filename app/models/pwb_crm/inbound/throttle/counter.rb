# frozen_string_literal: true

module PwbCrm
  module Inbound
    module Throttle
      # Counts in this process.
      #
      # @api private
      class Counter
        # Names that are remembered.
        LIMIT = 10_000

        def initialize
          @mutex = Mutex.new
          @counts = {} # name to when its window ends, and how many there were in it
        end

        # @param name [String]
        # @param most [Integer] that may be in a window
        # @return [Integer, nil] seconds until the next window, if there were as many before; else nil
        def count(name, most)
          @mutex.synchronize do
            ends, before = current(name)
            @counts[name] = [ends, before + 1]
            (ends - Monotonic.now).ceil if before >= most
          end
        end

        # @param name [String]
        # @param most [Integer] as above
        # @return [Integer, nil] the same, without counting
        def full(name, most)
          @mutex.synchronize do
            ends, before = current(name)
            (ends - Monotonic.now).ceil if before >= most
          end
        end

        # Takes one back.
        #
        # @param name [String]
        # @return [void]
        def give_back(name)
          @mutex.synchronize { @counts[name]&.then { |ends, count| @counts[name] = [ends, count - 1] } }
        end

        # @return [void]
        def reset = @mutex.synchronize { @counts.clear }

        private

        def current(name)
          window = @counts[name]
          return window if window && window.first > Monotonic.now

          forget if window.nil? && @counts.size >= LIMIT
          [Monotonic.now + WINDOW, 0]
        end

        # Those whose windows are over; the oldest, if there are none.
        def forget
          past = @counts.select { |_name, (ends, _count)| ends <= Monotonic.now }.keys
          (past.presence || @counts.keys.first(LIMIT / 10)).each { |name| @counts.delete(name) }
        end
      end
    end
  end
end
