# frozen_string_literal: true

module Bench
  # Measures several things in turn, round after round, so that what disturbs the machine disturbs all of them. The
  # order turns, too.
  class Rounds
    # @param names [Array] what is measured
    # @param rounds [Integer]
    # @yieldparam name [Object] one of them
    # @yieldreturn [Object] what was measured
    def initialize(names, rounds:, &)
      @measured = names.to_h { |name| [name, []] }
      rounds.times { |round| names.rotate(round).each { |name| @measured[name] << yield(name) } }
    end

    # @param name [Object]
    # @yield [measured] makes a number of it
    # @return [Float]
    def median(name, &of) = Rounds.median(@measured.fetch(name).map(&of || :itself))

    # @return [Float] the median of the ratios within each round
    def ratio(name, base, &of)
      of ||= :itself.to_proc
      Rounds.median(@measured.fetch(name).zip(@measured.fetch(base)).map { |one, other| of.call(one) / of.call(other) })
    end

    # @param name [Object]
    # @return [Boolean] whether it was measured
    def include?(name) = @measured.key?(name)

    # @yield [measured] makes a number of it
    # @return [Float] the greatest of the medians
    def most(&) = @measured.keys.map { |name| median(name, &) }.max

    # @param numbers [Array<Numeric>]
    # @return [Float]
    def self.median(numbers)
      sorted = numbers.sort
      middle = (sorted.size - 1) / 2.0
      (sorted[middle.floor] + sorted[middle.ceil]) / 2.0
    end
  end
end
