# frozen_string_literal: true

require "timeout"

module PwbCrm
  module Runner
    # Brings a flow to its end by asking a Ruby callable for each answer, in the calling thread.
    # @api private
    class RubyTransport
      # What a client may raise: whether the request arrived is unknown, so it counts as possible.
      KINDS = { ::Timeout::Error => "timeout" }.freeze

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
        seconds = [@timeout, @latest && (@latest - Deadline.now)].compact.min
        return too_late unless seconds.positive?

        Response.from(@transport.call(Request.new(method:, url:, headers:, body:, deadline: Time.now + seconds)))
      rescue StandardError => e
        @cause = e
        failure(e)
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

      def failure(exception)
        return described(exception) if exception.is_a?(Error) && exception.kind != :error

        kind = KINDS.find { |type, _| exception.is_a?(type) }&.last || "connection"
        attributes(kind, "the transport raised #{exception.class}; the request may have arrived",
                   code: exception.class.name)
      end

      def described(error)
        attributes(error.kind.to_s, Input.utf8(error.message), code: error.code && Input.utf8(error.code.to_s),
                                                               sent: sent(error))
      end

      # What a host's code says of it may be wrong, or no word of ours.
      def sent(error)
        return "no" if error.sent == :no && error.is_a?(BlockedAddressError)

        error.sent == :yes ? "yes" : "maybe"
      end

      def too_late
        attributes("timeout", "it was not asked yet: the time for this batch was up",
                   code: Error::NOT_ATTEMPTED, sent: "no")
      end

      def attributes(kind, message, code: nil, sent: "maybe")
        { "kind" => kind, "message" => message, "code" => code, "sent" => sent, "details" => [] }
      end
    end
  end
end
