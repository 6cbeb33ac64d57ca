# frozen_string_literal: true

require "digest"

module Chaos
  # One seed, and a stream of its own for each thing that is left to chance: what one process draws says nothing about
  # what another will. The same seed makes the same flows of a saver, the same fault for the n-th call to a remote,
  # the same fate for the n-th worker; when the machine lets each of them run is not in the seed.
  class Streams
    def initialize(seed)
      @seed = seed
    end

    # @param names [Array<String, Integer>] whose stream
    # @return [Random]
    def of(*names) = Random.new(Digest::SHA256.hexdigest([@seed, *names].join("/")).first(16).hex)

    # One of several, by weight.
    #
    # @param weights [Hash{Object => Numeric}]
    # @return [Object]
    def self.pick(random, weights)
      at = random.rand * weights.values.sum
      weights.each { |what, weight| return what if (at -= weight).negative? }
      weights.keys.last
    end
  end
end
