# frozen_string_literal: true

module PwbCrm
  class Budget
    Reading = Data.define(:limit, :remaining, :reset)

    # What a reply told of a limit, as far as it can be meant: `limit` (Integer, nil), `remaining` (Integer, nil) of it,
    # `reset` (Float), seconds until it is as good as new. A broken header stops nobody for long.
    #
    # @api private
    class Reading
      # A limit is no higher, in whatever period.
      MOST = 1_000_000
      # Seconds that one may last.
      LONGEST = 86_400.0
      # Seconds until a limit whose reset nobody tells is as good as new.
      RESET = 60.0

      class << self
        # @param told [Hash{Symbol => Object}] `limit`, `remaining`, `reset`
        # @return [Reading, nil] nil where nothing of it is known
        def of(told)
          limit = whole(told[:limit], 1..MOST)
          remaining = whole(told[:remaining], 0..MOST)
          reset = number(told[:reset])&.clamp(0.0, LONGEST) || RESET
          new(limit:, remaining:, reset:) if limit || remaining
        end

        # @param told [Object]
        # @param range [Range<Integer>] what is beyond is as good as its end
        # @return [Integer, nil] nil for what is no number, or less than nothing
        def whole(told, range) = number(told)&.floor&.clamp(range)

        # @param told [Object]
        # @return [Float, nil]
        def number(told)
          number = told.to_f if told.is_a?(Integer) || told.is_a?(Float)
          number if number&.finite? && !number.negative?
        end
      end
    end
  end
end
