# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the sweep, every minute, runs.
    #
    # @api private
    class Sweep < Scheduled
      # Seconds.
      LATE = 180
      LEVEL = :fault
    end
  end
end
