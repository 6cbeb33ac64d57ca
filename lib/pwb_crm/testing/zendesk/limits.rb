# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Requests per minute of the account, and, when asked for, the sharper limits on writes of users and tickets.
      #
      # Source: Zendesk API reference, rate limits: 700 a minute on Suite Enterprise; create_or_update and
      # update user one a second per account, five a minute for one user; update ticket 100 a minute, and 30 in ten
      # minutes for one ticket and the user who updates it, which is here the one agent; Retry-After in seconds.
      # @api private
      class Limits
        MINUTE = 60
        # Of one user, where writes of users are limited.
        WRITES_OF_A_USER = 5
        # Of one ticket in so many seconds, where updates of tickets are limited.
        UPDATES_OF_A_TICKET = [30, 600].freeze

        # @param per_minute [Integer]
        # @param user_writes_per_second [Integer, nil] nil switches it off, and that of one user
        # @param ticket_updates_per_minute [Integer, nil] nil switches it off
        def initialize(per_minute, user_writes_per_second, ticket_updates_per_minute, clock)
          @per_minute = per_minute
          @user_writes_per_second = user_writes_per_second
          @ticket_updates_per_minute = ticket_updates_per_minute
          @clock = clock
          @calls = []
          @user_writes = []
          @ticket_updates = []
          @users = Hash.new { |users, name| users[name] = [] }
          @tickets = Hash.new { |tickets, id| tickets[id] = [] }
        end

        # @param user [String, nil] who is written, by id or address
        # @param ticket [String, nil] which is updated, by id
        # @raise [Refusal] 429 with Retry-After
        def count(user: nil, ticket: nil)
          take(@calls, @per_minute, MINUTE)
          count_ticket(ticket) if ticket && @ticket_updates_per_minute
          count_user(user) if user && @user_writes_per_second
        end

        # @return [Hash] what is left, as Zendesk tells it with every reply
        def headers
          left = [@per_minute - @calls.size, 0].max.to_s
          { "x-rate-limit" => @per_minute.to_s, "x-rate-limit-remaining" => left,
            "ratelimit-limit" => @per_minute.to_s, "ratelimit-remaining" => left,
            "ratelimit-reset" => reset(@calls).to_s, **of_tickets }
        end

        private

        def count_user(name)
          take(@user_writes, @user_writes_per_second, 1)
          take(@users[name], WRITES_OF_A_USER, MINUTE)
        end

        def count_ticket(id)
          take(@ticket_updates, @ticket_updates_per_minute, MINUTE)
          take(@tickets[id], *UPDATES_OF_A_TICKET)
        end

        def of_tickets
          return {} unless @ticket_updates_per_minute

          left = [@ticket_updates_per_minute - @ticket_updates.size, 0].max
          { "zendesk-ratelimit-tickets-update" =>
            "total=#{@ticket_updates_per_minute}; remaining=#{left}; resets=#{reset(@ticket_updates)}" }
        end

        def take(list, limit, window)
          now = @clock.call
          list.shift while list.any? && list.first <= now - window
          return list << now if list.size < limit

          wait = (list.first + window - now).ceil.clamp(1, window)
          raise Refusal.new(429, Errors::BODIES[429], { "retry-after" => wait.to_s })
        end

        def reset(list)
          list.empty? ? MINUTE : (list.first + MINUTE - @clock.call).ceil.clamp(0, MINUTE)
        end
      end
    end
  end
end
