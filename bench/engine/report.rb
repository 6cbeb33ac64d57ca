# frozen_string_literal: true

module Bench
  # All rows, one table after the other.
  class Report
    # How much of everything: rounds and saves in each, with fsync off and on; rounds, and records of each of 8
    # websites, near and far; rows whose statements are counted; rows that are drained for the memory.
    FULL = {
      saves: [60, 25], durable: [30, 15], rounds: 3, near: 250, far: 50, counted: 1000, drained: 100_000
    }.freeze
    QUICK = {
      saves: [15, 20], durable: [8, 15], rounds: 1, near: 100, far: 25, counted: 300, drained: 10_000
    }.freeze

    # @param quick [Boolean] fewer rounds and rows
    # @param durable [Boolean] whether saves are measured on a server that writes to the disk, too
    def initialize(quick:, durable:)
      @size = quick ? QUICK : FULL
      @durable = durable
    end

    # @return [void]
    def print
      began = Bench.now
      Stage.open { |stage| tables(stage) }
      puts format("%.1f minutes", (Bench.now - began) / 60)
    end

    private

    def tables(stage)
      puts Machine.text(RedisClient.new(url: stage.redis.url)), ""
      sections(stage).each { |section| puts section.call }
    end

    def sections(stage) = [method(:saves), *(method(:durable_saves) if @durable), *remote(stage)]

    def saves = Saves.new(*@size[:saves]).text("1. A save of a contact with 22 columns, fsync off")

    def durable_saves
      Saves.new(*@size[:durable], durable: true).text("1b. A save of a contact with 22 columns, fsync on")
    end

    def remote(stage)
      rounds, near, far, counted, drained = @size.values_at(:rounds, :near, :far, :counted, :drained)
      [-> { Throughput.new(stage, rounds:).text(near:, far:) },
       -> { Statements.new(stage).text(counted) },
       -> { Memory.new(stage).text(drained) }]
    end
  end
end
