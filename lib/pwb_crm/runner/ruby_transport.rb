# frozen_string_literal: true

require_relative "raised"

module PwbCrm
  module Runner
    # Brings a flow to its end by asking a Ruby callable for each answer, in the calling thread.
    # @api private
    class RubyTransport
      # @param timeout [Float] seconds for each request
      # @param latest [Float, nil] the moment after which none is begun, see {Deadline}
      def initialize(flow, transport, timeout:, latest:)
        @flow = flow
        @transport = transport
        @timeout = timeout
        @latest = latest
        @answers = []
      end

      # @return [Array<Outcome, Object>] what each piece of work came to
      def answers
        request = @flow.begin
        request = advance(*request) while request
        collect
        @answers
      end

      private

      def advance(*parts)
        collect
        response = answer(*parts)
        response.is_a?(Response) ? @flow.reply(*wire(response)) : @flow.fail(response)
      end

      def answer(method, url, headers, body)
        seconds = [@timeout, @latest && (@latest - Monotonic.now)].compact.min
        return too_late unless seconds.positive?

        Response.from(@transport.call(Request.new(method:, url:, headers:, body:, deadline: Time.now + seconds)))
      rescue StandardError => e
        @cause = e
        Raised.read(e)
      end

      def wire(response) = [response.status, response.headers.to_a, response.body]

      # Takes what ended since the last request; if that request failed, the exception is why.
      def collect
        @flow.take.each { |answer| @answers << caused(answer) }
        @cause = nil
      rescue Error => e
        raise e, cause: @cause
      end

      def caused(answer)
        error = answer.error if answer.is_a?(Outcome)
        return answer unless error && @cause

        begin
          raise error, cause: @cause
        rescue Error
          answer
        end
      end

      def too_late
        { "kind" => "timeout", "message" => "it was not asked yet: the time for this batch was up",
          "code" => Error::NOT_ATTEMPTED, "sent" => "no", "details" => [] }
      end
    end
  end
end
