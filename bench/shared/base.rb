# frozen_string_literal: true

# What `bin/bench` measures, and with what.
module Bench
  ROOT = File.expand_path("../..", __dir__)

  # @return [Float] seconds of a clock that all processes of this machine share
  def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  # @param name [String] a program of the bench's own workspace, compiled
  # @return [String] its path
  def self.program(name)
    File.join(ENV.fetch("CARGO_TARGET_DIR", File.join(ROOT, "target")), "bench/release", name)
  end
end
