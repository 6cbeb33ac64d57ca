# frozen_string_literal: true

module PwbCrm
  module Providers
    class Zendesk
      # What Zendesk allows an account: requests a minute by plan, which its replies tell; a user written each second;
      # a hundred updates of tickets a minute; and of one user five writes a minute, of one ticket thirty updates in ten
      # minutes (Zendesk: Rate limits).
      module Limits
        # Settings of an integration about it; they go to no client.
        SETTINGS = %w[requests_per_minute user_writes_per_second].freeze
        # Requests a minute of the smallest plan, until a reply tells of more.
        SMALLEST = 200
        # Of tickets, a minute.
        UPDATES = 100
        # Requests under way at once, at least and at most. Zendesk names no number: they are as many as the requests of
        # a minute need where each takes so many seconds.
        AT_ONCE = 4..32
        ANSWER = 0.6
        # Seconds between two writes of a contact.
        GAP = 12
        # Of one user and of one ticket, and in how many seconds.
        SINGLE = { "user" => [5, 60], "ticket" => [30, 600] }.freeze
        USER_WRITE = %r{\A/api/v2/users(/|\z|\.json)}
        TICKET_UPDATE = %r{\A/api/v2/tickets/\d+}
        # The headers in which replies tell of a limit: how much there is, what is left, and in how many seconds
        # that is as good as new.
        TOLD = {
          "requests" => %w[x-rate-limit x-rate-limit-remaining ratelimit-reset],
          "ticket_updates" => %w[total remaining resets].map { |part| "zendesk-ratelimit-tickets-update.#{part}" }
        }.freeze
        private_constant :SMALLEST, :UPDATES, :AT_ONCE, :ANSWER, :GAP, :SINGLE, :USER_WRITE, :TICKET_UPDATE, :TOLD

        # @param seen [Hash{String => Integer}] limits that replies have told, by bucket
        # @return [Providers::Limits]
        def limits(seen = {})
          requests = setting("requests_per_minute") || seen["requests"] || SMALLEST
          counts = [["requests", requests, 60], ["user_writes", setting("user_writes_per_second") || 1, 1],
                    ["ticket_updates", seen["ticket_updates"] || UPDATES, 60]]
          targets = SINGLE.map { |bucket, (count, period)| [bucket, count, period] }
          Providers::Limits.new(listed(counts), targets: listed(targets), concurrency: at_once(requests))
        end

        # People wait for their turn in a line of their own.
        #
        # @return [Array<Array(Array<String>, Hash{String => Integer})>]
        def lanes
          [[%w[contact], { "requests" => 1, "user_writes" => 1 }], [Kinds.all - %w[contact], { "requests" => 1 }]]
        end

        # Five writes of one user a minute.
        #
        # @param kind [String]
        # @return [Integer, nil]
        def gap(kind) = (GAP if kind == "contact")

        # @param work [Hash]
        # @return [Hash{String => Integer}]
        def cost(work)
          return { "requests" => 1 } if work[:action] == "delete"
          return { "requests" => 1, "user_writes" => 1 } if work[:record][:kind] == "contact"
          return { "requests" => 1, "ticket_updates" => 1 } if work[:link] || work[:record][:kind] == "comment"

          work[:parent] ? { "requests" => 1 } : { "requests" => 2, "user_writes" => 1 }
        end

        # An enquiry of somebody unknown writes its sender, too, whom Zendesk knows by the address.
        #
        # @param work [Hash]
        # @return [Hash{String => String, nil}]
        def targets(work)
          return {} if work[:action] == "delete"
          return { "user" => mailbox(work[:record]) } if work[:record][:kind] == "contact"

          ticket = ticket_of(work)
          return { "ticket" => ticket } if ticket

          work[:parent] ? {} : { "user" => mailbox(person_of(work[:record])) }
        end

        # @param call [Outcome::Call]
        # @return [Hash{String => Integer}]
        def charge(call)
          written = call.method != "GET"
          { "requests" => 1, "user_writes" => (1 if written && USER_WRITE.match?(call.path)),
            "ticket_updates" => (1 if call.method == "PUT" && TICKET_UPDATE.match?(call.path)) }.compact
        end

        # @param call [Outcome::Call]
        # @return [Hash{String => Hash{Symbol => Numeric}}]
        def readings(call)
          limits = call.limits.to_h
          told = TOLD.transform_values { |names| %i[limit remaining reset].zip(limits.values_at(*names)).to_h }
          told.transform_values(&:compact).reject { |_, reading| reading.empty? }
        end

        # @param config [Hash{String => Object}]
        # @return [String, nil]
        def account_key(config) = config["subdomain"].presence&.downcase

        # @return [Integer] as many as go at once
        def slice = [super, concurrency.to_i].max

        # @return [Integer]
        def small_slice = [super, concurrency.to_i].max

        private

        def at_once(requests) = (requests * ANSWER / 60).ceil.clamp(AT_ONCE)

        def listed(limits)
          limits.map { |bucket, count, period| Providers::Limits::Limit.new(bucket:, count:, period:) }
        end

        def ticket_of(work)
          (work[:record][:kind] == "comment" ? work[:parent] : work[:link])&.fetch(:external_id)
        end

        def person_of(record)
          record[:contact] || record[:requester] || { email: record[:sender_email] }
        end

        def mailbox(person) = person.values_at(:email, :other_email).find(&:present?)&.strip&.downcase

        def setting(name)
          number = Integer(settings[name], exception: false)
          number if number&.positive?
        end
      end
    end
  end
end
