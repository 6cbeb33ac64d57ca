# frozen_string_literal: true

require "socket"

# A server on a port of this machine: each connection has a thread, in which the subclass serves it, and is closed
# then. Subclasses set up what they need before `super`, which begins to accept.
class LoopbackServer
  attr_reader :port

  # @param tls [OpenSSL::SSL::SSLContext, nil]
  def initialize(tls: nil)
    socket = TCPServer.new("127.0.0.1", 0)
    @port = socket.addr[1]
    @tls = tls
    @socket = tls ? secured(socket) : socket
    @acceptor = Thread.new { loop { Thread.new(@socket.accept) { |connection| attend(connection) } } }
  end

  def url = "#{@tls ? "https" : "http"}://127.0.0.1:#{port}"

  def stop
    @acceptor.kill.join
    @socket.close
  end

  private

  # The handshake is left to the connection's own thread: one that fails must not end the others.
  def secured(socket)
    OpenSSL::SSL::SSLServer.new(socket, @tls).tap { |server| server.start_immediately = false }
  end

  def attend(connection)
    connection.accept if @tls
    serve(connection)
  rescue *lost
    nil
  ensure
    connection.close
  end

  def lost = [SystemCallError, IOError, *(OpenSSL::SSL::SSLError if @tls)]
end
