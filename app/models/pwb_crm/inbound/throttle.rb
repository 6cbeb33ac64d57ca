# frozen_string_literal: true

module PwbCrm
  module Inbound
    # How many requests this process takes in a while: for each key as many as {Configuration::Care#inbound_rate}, and
    # ten times as many with keys that it does not know, all together. Who is over it costs no statement.
    #
    # @api private
    module Throttle
      # Seconds for which requests are counted.
      WINDOW = 10
      # What of keys nobody has is counted under.
      UNKNOWN = :unknown
      # How much more that may be.
      SHARE = 10
      # Keys that are remembered.
      LIMIT = 10_000

      @mutex = Mutex.new
      @counts = {} # key to when its window ends, and the requests in it

      class << self
        # @param key [String]
        # @return [Integer, nil] seconds to wait; nil if it may pass
        def refuse(key)
          @mutex.synchronize do
            known = @counts.key?(key)
            counted(known ? key : UNKNOWN, PwbCrm.config.inbound_rate * (known ? 1 : SHARE))
          end
        end

        # Counts this key by itself from now on: somebody has it.
        #
        # @param key [String]
        # @return [void]
        def know(key)
          @mutex.synchronize do
            next if @counts.key?(key)

            forget if @counts.size >= LIMIT
            @counts[key] = [now + WINDOW, 1]
          end
        end

        # Forgets all, for specs.
        #
        # @return [void]
        def reset = @mutex.synchronize { @counts.clear }

        private

        def counted(name, most)
          ends, count = @counts[name]
          if ends.nil? || ends <= now
            ends = now + WINDOW
            count = 0
          end
          @counts[name] = [ends, count + 1]
          (ends - now).ceil if count >= most
        end

        # Those that have not been seen for a while; the oldest, if there are none.
        def forget
          past = @counts.select { |_name, (ends, _count)| ends <= now }.keys
          (past.presence || @counts.keys.first(LIMIT / 10)).each { |name| @counts.delete(name) }
        end

        def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
end
