# frozen_string_literal: true

module PwbCrm
  class Drain
    # How long to wait before another attempt: exponentially longer, with full jitter, so that what
    # failed together does not come back together. For what a remote asks see {Integration::Throttling}.
    #
    # @api private
    module Backoff
      # Seconds before the first repeat at most, by the kind of error.
      BASES = { conflict: 5, connection: 15, timeout: 15, remote: 30 }.freeze
      # Seconds after a worker died with a delivery for the second time.
      LOSS = 5
      # Seconds of our own choice at most.
      LONGEST = 6 * 3600

      # @param error [Error]
      # @param attempts [Integer] made so far, 1 or more
      # @return [Float] seconds
      def self.seconds(error, attempts)
        longest = [BASES.fetch(error.kind, 30) * (2**(attempts - 1).clamp(0, 20)), LONGEST].min
        [1, rand * longest].max.to_f
      end

      # What went down with its worker goes again at once; if it does so again and again, later and later.
      #
      # @param attempts [Integer] made so far, 1 or more
      # @return [Integer] seconds
      def self.after_loss(attempts)
        attempts < 2 ? 0 : [LOSS * (2**(attempts - 2).clamp(0, 20)), LONGEST].min
      end
    end
  end
end
