# frozen_string_literal: true

module PwbCrm
  module Testing
    # Puts a fake, or any Rack application, on a free port of 127.0.0.1. Needs the +puma+ gem (6 or newer),
    # which Rails apps have; the gem itself does not depend on it.
    #
    # @example
    #   server = PwbCrm::Testing::Server.start(zoho)
    #   server.url  #=> "http://127.0.0.1:40123"
    #   server.stop
    #
    #   PwbCrm::Testing::Server.start(zoho) { |running| … } # stopped at the end of the block
    class Server
      # Nothing outside of this machine reaches it.
      HOST = "127.0.0.1"
      # Requests served at the same time; the rest wait for a thread.
      THREADS = 32

      class << self
        # @param app [#call] a Rack application
        # @param threads [Integer] requests served at the same time
        # @yieldparam server [Server] stopped when the block ends
        # @return [Server, Object] the running server, or what the block returned
        # @raise [UsageError] when Puma is missing or too old
        def start(app, threads: THREADS)
          server = new(app, threads:)
          return server unless block_given?

          begin
            yield server
          ensure
            server.stop
          end
        end
      end

      # @return [Integer] the TCP port it listens on
      attr_reader :port

      # Use {.start}.
      def initialize(app, threads: THREADS)
        load_puma
        @puma = Puma::Server.new(app, nil, options(threads))
        @port = @puma.add_tcp_listener(HOST, 0).addr[1]
        @thread = @puma.run
      end

      # @return [String] such as "http://127.0.0.1:40123", without a slash at the end
      def url
        "http://#{HOST}:#{port}"
      end

      # Stops listening and drops what is still running after a moment. Harmless when called twice.
      #
      # @return [void]
      def stop
        @puma&.stop(true)
        @puma = nil
      end

      private

      def load_puma
        require "puma"
        require "puma/server"
        require "puma/log_writer"
      rescue LoadError
        raise UsageError, "PwbCrm::Testing::Server needs puma 6 or newer: add gem \"puma\" to the development " \
                          "and test groups of your Gemfile, or use PwbCrm::Testing::Seam, which needs no server"
      end

      def options(threads)
        { log_writer: Puma::LogWriter.null, min_threads: 0, max_threads: threads, environment: "test",
          force_shutdown_after: 0.2, persistent_timeout: 30, queue_requests: true }
      end
    end
  end
end
