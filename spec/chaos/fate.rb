# frozen_string_literal: true

module Chaos
  # What is to befall a worker: at the how-manieth visit to which step it is killed or stopped. Follows from the seed,
  # the worker's place and its generation.
  class Fate
    # Each in its turn, so that every one is met in a short run, too.
    STEPS = %i[after_send inside_settle after_claim before_send after_release inside_settle before_release
               after_send].freeze
    # These are rare, so that any visit may be the last.
    RARE = { before_refresh: 0.05, after_refresh: 0.4 }.freeze
    # Of the planned ends, so many are a stop for longer than the lease.
    STOPS = 0.2
    # The first ones meet theirs soon.
    LATEST_VISITS = [3, 3, 20].freeze

    # @param streams [Streams]
    # @param slot [Integer] which of the workers
    # @param generation [Integer] the how-manieth in that place
    def initialize(streams, slot, generation)
      @random = streams.of("fate", slot, generation)
      @step = STEPS[((slot * 3) + generation) % STEPS.size]
      @visit = @random.rand(1..LATEST_VISITS[generation.clamp(1, LATEST_VISITS.size) - 1])
      @signal = generation > 2 && @random.rand < STOPS ? :STOP : :KILL
      @visits = Hash.new(0)
      @lock = Mutex.new
    end

    # @param step [Symbol]
    # @return [Symbol, nil] the signal that hits the worker now
    def at(step)
      @lock.synchronize do
        visits = @visits[step] += 1
        next @signal if step == @step && visits == @visit

        :KILL if @random.rand < RARE.fetch(step, 0)
      end
    end
  end
end
