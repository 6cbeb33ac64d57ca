# frozen_string_literal: true

module Bench
  # What we want of the figures.
  module Aims
    # Rows, what is compared, with whom, and the bound: ours is to be at most so many times theirs, or theirs at least
    # so many times ours.
    ALL = [
      [:call, :cpu_each, :net_http, :at_most, 0.75], [:call, :cpu_each, :faraday, :at_most, 0.25],
      [:threads, :each, :net_http, :at_least, 4], [:threads, :each, :faraday, :at_least, 10],
      [:far, :each, :core, :at_most, 1.3],
      [:batches, :each, :net_http, :at_least, 1.2], [:batches, :each, :core, :at_most, 1.3],
      [:sign_small, :each, :net_http, :at_least, 5], [:sign_medium, :each, :net_http, :at_least, 3],
      [:sign_large, :each, :net_http, :at_least, 1]
    ].freeze
    WORDS = { cpu_each: "CPU of a call", each: "speed" }.freeze

    class << self
      # @param titles [Hash{Symbol => String}] of rows
      # @param contests [Hash{Symbol => Rounds}] by row
      # @yieldparam row [Symbol]
      # @yieldparam side [Symbol]
      # @yieldreturn [String] the side's name in that row
      # @return [Array<Array<String>>] rows of a table
      def rows(titles, contests, &)
        ALL.filter_map do |row, what, side, direction, bound|
          rounds = contests.fetch(row)
          next unless rounds.include?(side)

          name = yield(row, side)
          [titles.fetch(row), "#{WORDS.fetch(what)}, to #{name}", *judged(rounds, what, side, direction, bound)]
        end
      end

      private

      def judged(rounds, what, side, direction, bound)
        return at_most(rounds.ratio(:ours, side, &what), bound) if direction == :at_most

        ratio = rounds.ratio(side, :ours, &what)
        [Table.times(ratio), Table.aim(">= #{Table.times(bound)}", ratio >= bound)]
      end

      def at_most(ratio, bound) = [Table.times(ratio), Table.aim("<= #{Table.times(bound)}", ratio <= bound)]
    end
  end
end
