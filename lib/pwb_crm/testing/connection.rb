# frozen_string_literal: true

require "socket"

module PwbCrm
  module Testing
    # The two things a fake does to its connection rather than to its answer. Behind a server it touches the
    # socket; in-process, where there is none, it raises what a client would see.
    # @api private
    module Connection
      # Closing a socket with a zero linger time sends RST instead of FIN.
      ABORT = [1, 0].pack("ii").freeze
      # Key under which {Seam} leaves a callable that judges a delay instead of sleeping it.
      WAIT = "pwb_crm.testing.wait"
      # What a handler returns once its socket is gone; the server ignores it.
      GONE = [500, {}.freeze, [].freeze].freeze

      module_function

      # @param env [Hash] the Rack environment
      # @return [Array] {GONE}
      # @raise [Errno::ECONNRESET] in-process
      def reset(env)
        raise Errno::ECONNRESET, "the fake was told to reset the connection" unless env["rack.hijack?"]

        socket = env["rack.hijack"].call
        socket.setsockopt(Socket::SOL_SOCKET, Socket::SO_LINGER, ABORT)
        socket.close
        GONE
      end

      # @param seconds [Numeric]
      # @raise [Timeout::Error] in-process, when the caller's deadline lies before the end of the delay
      def wait(env, seconds)
        env.key?(WAIT) ? env[WAIT].call(seconds) : sleep(seconds)
      end
    end
  end
end
