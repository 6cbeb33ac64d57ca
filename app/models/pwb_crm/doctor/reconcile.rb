# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the reconcile, every night, runs.
    #
    # @api private
    class Reconcile < Scheduled
      # Seconds.
      LATE = 129_600
      LEVEL = :warning
    end
  end
end
