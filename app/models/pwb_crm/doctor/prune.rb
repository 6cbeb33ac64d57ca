# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the pruning, every night, runs.
    #
    # @api private
    class Prune < Scheduled
      # Seconds.
      LATE = 259_200
      LEVEL = :warning
    end
  end
end
