# frozen_string_literal: true

module Bench
  # A process's resident memory, sampled while something runs.
  class Resident
    PAUSE = 0.1

    # @param pid [Integer]
    # @yield what it does meanwhile
    def initialize(pid)
      @pid = pid
      @idle = megabytes
      @samples = []
      sampler = Thread.new { watch }
      yield
    ensure
      sampler&.kill&.join
    end

    # @return [Float] MB before
    attr_reader :idle

    # @return [Float] MB at most, above idle
    def peak = @samples.max - idle

    # @param quarter [Integer] 1 to 4, of the time
    # @return [Float] the median of MB above idle
    def quarter(quarter)
      length = @samples.size / 4
      Rounds.median(@samples[(quarter - 1) * length, length]) - idle
    end

    private

    def watch
      loop do
        @samples << megabytes
        sleep PAUSE
      end
    end

    # Elsewhere than on Linux `ps` knows.
    def megabytes
      status = "/proc/#{@pid}/status"
      return File.read(status)[/VmRSS:\s+(\d+)/, 1].to_i / 1024.0 if File.exist?(status)

      `ps -o rss= -p #{@pid}`.to_i / 1024.0
    end
  end
end
