# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Idempotency-Key on POST /api/v2/tickets: the first reply is kept for two hours and repeated; the same key
      # with another body is refused. Refused requests are not kept.
      #
      # Source: Zendesk Ticketing API, introduction, "Idempotency".
      # @api private
      class Idempotency
        LIFE = 2 * 60 * 60
        MAX_KEY = 255
        HEADER = "x-idempotency-lookup"
        Entry = Struct.new(:body, :reply, :at)

        def initialize(clock)
          @clock = clock
          @entries = {}
        end

        # @yieldreturn [Array] the reply of a request that was not seen before
        def call(key, body, &)
          return yield if key.to_s.empty?

          Errors.refuse(400, "IdempotentRequestError", "Idempotency key is too long") if key.length > MAX_KEY
          forget
          @entries.key?(key) ? repeat(@entries[key], body) : first(key, body, &)
        end

        private

        def first(key, body)
          reply = yield
          @entries[key] = Entry.new(body, reply, @clock.call)
          Reply.with(reply, HEADER => "miss")
        end

        def repeat(entry, body)
          return Reply.with(entry.reply, HEADER => "hit") if entry.body == body

          Errors.refuse(400, "IdempotentRequestError", "Request parameters don't match the given idempotency key")
        end

        def forget
          oldest = @clock.call - LIFE
          @entries.delete_if { |_, entry| entry.at <= oldest }
        end
      end
    end
  end
end
