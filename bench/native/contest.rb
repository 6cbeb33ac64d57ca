# frozen_string_literal: true

module Bench
  # One row: every side in turn, round after round.
  class Contest
    # @param row [Row]
    # @param sides [Hash{Symbol => Class}]
    # @param core [Core]
    # @param sink [Sink]
    def initialize(row, sides, core, sink)
      @row = row
      @sides = sides
      @core = core
      @sink = sink
    end

    # @param rounds [Integer]
    # @param seconds [Float] for a reading, about
    # @return [Rounds] of {Reading}s, by the names of the sides; :core is the core alone
    def run(rounds:, seconds:)
      @sink.reset(latency: @row.latency)
      names = [:core, *@sides.keys]
      counts = names.to_h { |name| [name, count(name, seconds)] }
      Rounds.new(names, rounds:) { |name| watched(name, counts.fetch(name)) }
    end

    private

    # Enough calls to fill the time. Asked twice, as something may have come between.
    def count(name, seconds)
      calls = @row.threads
      calls *= 2 while read(name, calls).seconds < seconds / 4
      taken = read(name, calls).seconds
      (seconds / taken * calls / @row.threads).ceil * @row.threads
    end

    def watched(name, calls)
      busy = @sink.cpu
      reading = read(name, calls)
      reading.calls = calls
      reading.sink = @sink.cpu - busy if busy
      reading
    end

    def read(name, calls)
      return @core.read({ **@row.task, threads: @row.threads, count: calls }) if name == :core

      make = made(name)
      return Meter.together(@row.threads, calls / @row.threads, &make) if @row.threads > 1

      Meter.alone(calls, make.call)
    end

    # Our client is one for all threads; of the others each has its own.
    def made(name)
      @ready ||= {}
      return -> { @row.make.call(@sides.fetch(name)) } if @row.threads > 1 && name != :ours

      ready = @ready[name] ||= @row.make.call(@sides.fetch(name))
      -> { ready }
    end
  end
end
