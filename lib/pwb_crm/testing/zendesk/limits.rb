# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Requests per minute of the account, and, when asked for, the sharper limit on user writes.
      #
      # Source: Zendesk API reference, rate limits: 700 a minute on Suite Enterprise; create_or_update and
      # update user one a second per account; Retry-After in seconds.
      # @api private
      class Limits
        MINUTE = 60

        # @param per_minute [Integer]
        # @param user_writes_per_second [Integer, nil] nil switches it off
        def initialize(per_minute, user_writes_per_second, clock)
          @per_minute = per_minute
          @user_writes_per_second = user_writes_per_second
          @clock = clock
          @calls = []
          @user_writes = []
        end

        # @raise [Refusal] 429 with Retry-After
        def count(user_write:)
          take(@calls, @per_minute, MINUTE)
          take(@user_writes, @user_writes_per_second, 1) if user_write && @user_writes_per_second
        end

        # @return [Hash] what is left, as Zendesk tells it with every reply
        def headers
          left = [@per_minute - @calls.size, 0].max.to_s
          { "x-rate-limit" => @per_minute.to_s, "x-rate-limit-remaining" => left,
            "ratelimit-limit" => @per_minute.to_s, "ratelimit-remaining" => left, "ratelimit-reset" => reset.to_s }
        end

        private

        def take(list, limit, window)
          now = @clock.call
          list.reject! { |at| at <= now - window }
          return list << now if list.size < limit

          wait = (list.first + window - now).ceil.clamp(1, window)
          raise Refusal.new(429, Errors::BODIES[429], { "retry-after" => wait.to_s })
        end

        def reset
          @calls.empty? ? MINUTE : (@calls.first + MINUTE - @clock.call).ceil.clamp(0, MINUTE)
        end
      end
    end
  end
end
