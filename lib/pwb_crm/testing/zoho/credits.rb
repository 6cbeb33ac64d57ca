# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # The API credits of a rolling day.
      #
      # Source: Zoho CRM v8, api-limits page: one credit a call, writes one per ten records; the header appears
      # once half of the day's credits are used; no header says when to come back.
      # @api private
      class Credits
        DAY = 24 * 60 * 60
        HEADER = "x-api-credits-remaining"

        def initialize(limit, clock)
          @limit = limit
          @clock = clock
          @spent = []
        end

        # @param records [Integer] written by the call; 0 for reads
        # @raise [Refusal] 429 when nothing is left
        def spend(records = 0)
          forget
          raise Refusal.new(429, Errors.for_status(429)) if remaining <= 0

          @spent << [@clock.call, [(records / 10.0).ceil, 1].max]
        end

        # @return [Hash] the header, or nothing
        def headers
          remaining * 2 <= @limit ? { HEADER => [remaining, 0].max.to_s } : {}
        end

        private

        def remaining
          @limit - @spent.sum(&:last)
        end

        def forget
          oldest = @clock.call - DAY
          @spent.reject! { |at, _| at <= oldest }
        end
      end
    end
  end
end
