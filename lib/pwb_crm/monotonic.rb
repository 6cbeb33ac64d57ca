# frozen_string_literal: true

module PwbCrm
  # The clock by which the engine measures how long something takes: it is never set.
  # @api private
  module Monotonic
    # @return [Float] seconds since some moment
    def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
