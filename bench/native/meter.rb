# frozen_string_literal: true

module Bench
  # What a number of calls took: seconds on the clock, and of the CPU in all threads of the process, its own code and
  # the kernel's for it (getrusage); later also the sink's.
  Reading = Struct.new(:seconds, :cpu, :sink, :calls, keyword_init: true) do
    # @return [Float] microseconds of the CPU for a call
    def cpu_each = cpu / calls * 1e6

    # @return [Float] microseconds on the clock for a call
    def each = seconds / calls * 1e6

    # @return [Float] the part of a core that the sink was busy
    def sink_share = sink.to_f / seconds
  end

  # Takes readings in this process.
  module Meter
    # Calls before the clock starts.
    WARM = 20

    class << self
      # @yield is measured
      # @return [Reading]
      def read
        began = Bench.now
        cpu = self.cpu
        yield
        Reading.new(cpu: self.cpu - cpu, seconds: Bench.now - began)
      end

      # One thread: garbage of before is none of its business, and what the collector has pushed out of the caches is
      # fetched back before the clock starts.
      #
      # @param times [Integer]
      # @param call [#call]
      # @return [Reading]
      def alone(times, call)
        GC.start
        [times, WARM].min.times { call.call }
        read { times.times { call.call } }
      end

      # Several threads, each with what it calls made and used before the clock starts.
      #
      # @param count [Integer] of threads
      # @param times [Integer] for each
      # @yieldreturn [#call] what a thread calls
      # @return [Reading]
      def together(count, times)
        GC.start
        ready, start = Array.new(2) { Queue.new }
        threads = Array.new(count) { Thread.new { use(yield, times, ready, start) } }
        count.times { ready.pop }
        read do
          count.times { start << true }
          threads.each(&:join)
        end
      end

      private

      def use(call, times, ready, start)
        [times, WARM].min.times { call.call }
        ready << true
        start.pop
        times.times { call.call }
      end

      def cpu = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
    end
  end
end
