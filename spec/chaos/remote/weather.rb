# frozen_string_literal: true

module Chaos
  module Remote
    # In front of a fake: spoils three calls in ten. The n-th call to a remote has the same luck in every run of a seed.
    class Weather
      # By their share of all calls.
      FAULTS = { rate_limit: 3, rate_limit_later: 2, failure: 5, unavailable: 2, delay: 2, reset_before: 4,
                 reset_after: 5, html: 2, truncated: 2, slow: 2, too_slow: 1 }.freeze
      FINE = 70
      # Beyond what a client waits for an answer.
      DELAY = Haste::TIMEOUT + 0.4
      # Tokens end within seconds: the engine renews what ends within five minutes.
      TOKEN_LIFE = (312..340)

      PLANS = {
        rate_limit: { status: 429 }, rate_limit_later: { status: 429, retry_after: 1 }, failure: { status: 500 },
        unavailable: { status: 503, garbage: :html }, delay: { delay: DELAY }, reset_before: { reset: :before },
        reset_after: { reset: :after }, html: { garbage: :html }, truncated: { garbage: :truncated }
      }.freeze

      # A receiver that answers 200 has taken the event, whatever else it says.
      TRUTHFUL = { status: 502, garbage: :html }.freeze

      # @return [Hash{Symbol => Integer}] calls by what became of them
      attr_reader :counts

      # @param fake [PwbCrm::Testing::App]
      # @param station [Town::Station]
      # @param streams [Streams]
      # @param calls [Journal, nil] of all calls
      def initialize(fake, station, streams, calls: nil)
        @calls_journal = calls
        @fake = fake
        @name = station.name
        @plans = station.platform == "custom" ? PLANS.merge(html: TRUTHFUL) : PLANS
        @streams = streams
        @counts = Hash.new(0)
        @calls = 0
        @lock = Mutex.new
      end

      # @return [void]
      def calm! = @calm = true

      # The Rack interface.
      def call(env)
        random, luck = draw
        env[Testimony::FAULT] = luck unless luck == :fine
        reply = play(luck, PwbCrm::Testing::IncomingRequest.new(env), random)
        tell(env, luck, reply)
        env["PATH_INFO"].include?("/oauth/") ? short_lived(reply, random) : reply
      end

      private

      # Only for who looks into a breach.
      def tell(env, luck, reply)
        @calls_journal&.note(remote: @name, at: Time.now.to_f.round(3), luck:, status: reply.first,
                             call: env.values_at("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING").join(" "))
      end

      def draw
        number = @lock.synchronize { @calls += 1 }
        random = @streams.of("weather", @name, number)
        luck = @calm ? :fine : Streams.pick(random, { fine: FINE, **FAULTS })
        @lock.synchronize { @counts[luck] += 1 }
        [random, luck]
      end

      def play(luck, request, random)
        accept = -> { @fake.call(request.env) }
        return accept.call if luck == :fine
        return SlowBody.of(accept.call, luck == :slow ? random.rand(0.2..0.8) : DELAY) if luck.end_with?("slow")

        PwbCrm::Testing::Fault.new(1, **@plans.fetch(luck)).play(request, @fake.method(:failure), &accept)
      end

      def short_lived(reply, random)
        status, headers, body = reply
        told = JSON.parse(body.join) if body.is_a?(Array) && body.any?
        return reply unless told.is_a?(Hash) && told["expires_in"]

        [status, headers, [JSON.generate(told.merge("expires_in" => random.rand(TOKEN_LIFE)))]]
      rescue JSON::ParserError
        reply
      end
    end

    # A body that comes in drops.
    class SlowBody
      DROPS = 4

      def self.of(reply, seconds)
        status, headers, body = reply
        text = body.join
        [status, headers.merge("content-length" => text.bytesize.to_s), new(text, seconds)]
      end

      def initialize(text, seconds)
        @text = text
        @seconds = seconds
      end

      def each
        size = [(@text.bytesize / DROPS.to_f).ceil, 1].max
        (0...@text.bytesize).step(size) do |at|
          sleep(@seconds / DROPS)
          yield @text.byteslice(at, size)
        end
      end
    end
  end
end
