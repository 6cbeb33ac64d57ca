# frozen_string_literal: true

module Chaos
  # Seconds that nobody sets back.
  module Clock
    def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
