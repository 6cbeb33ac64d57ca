# frozen_string_literal: true

require "timeout"

# Waiting for what other threads and processes do, no longer than it takes.
module Waiting
  # @param within [Numeric] seconds, far more than it takes on a busy machine
  # @raise [Timeout::Error]
  def wait_until(within: 60) = Timeout.timeout(within) { sleep 0.02 until yield }

  # @raise [Timeout::Error] while some delivery is still to be made
  def wait_until_delivered(**) = wait_until(**) { !PwbCrm::Delivery.exists?(state: PwbCrm::Delivery::UNDELIVERED) }
end

RSpec.configure { |config| config.include Waiting, :rails }
