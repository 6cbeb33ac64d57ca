# frozen_string_literal: true

require "json"
require "rbconfig"

module Bench
  # Worker processes, started once; each run uses as many of them as it wants.
  class Crew
    # What a run came to: seconds from the first start to the last end, CPU seconds, statements.
    Run = Struct.new(:seconds, :cpu, :statements, keyword_init: true)

    # @param size [Integer]
    # @param sink [Sink]
    # @param redis [RedisServer]
    # @yieldparam crew [Crew] ended when the block ends
    def self.start(size, sink, redis)
      crew = new(size, sink, redis)
      yield crew
    ensure
      crew&.close
    end

    def initialize(size, sink, redis)
      command = [RbConfig.ruby, File.join(__dir__, "worker.rb"), sink.url, redis.url]
      @pipes = Array.new(size) { IO.popen(command, "r+") }
      @pipes.each { |pipe| answer(pipe) }
    end

    # @return [Array<Integer>] the processes
    def pids = @pipes.map(&:pid)

    # Empties the queue.
    #
    # @param size [Integer] with how many processes
    # @return [Run]
    def run(size, keep_alive: false, count: false)
      pipes = @pipes.first(size)
      pipes.each { |pipe| pipe.puts(JSON.generate(keep_alive:, count:)) }
      together(pipes.map { |pipe| answer(pipe) })
    end

    # @return [void]
    def close = @pipes.each(&:close)

    private

    def together(answers)
      seconds = answers.map { |one| one[:ended] }.max - answers.map { |one| one[:began] }.min
      Run.new(seconds:, cpu: answers.sum { |one| one[:cpu] }, statements: answers.sum { |one| one[:statements].to_i })
    end

    def answer(pipe)
      line = pipe.gets or raise "a worker died, see above"
      JSON.parse(line, symbolize_names: true)
    end
  end
end
