# frozen_string_literal: true

require "openssl"
require "socket"

# A bare HTTP or HTTPS server on loopback. `?sleep=0.2` delays an answer, `?hang` gives none; it counts what came in and
# which waiting connections were closed by the other side.
class SlowServer
  attr_reader :port

  # @param tls [OpenSSL::SSL::SSLContext, nil]
  def initialize(tls: nil)
    @socket = TCPServer.new("127.0.0.1", 0)
    @port = @socket.addr[1]
    @scheme = tls ? "https" : "http"
    @socket = OpenSSL::SSL::SSLServer.new(@socket, tls) if tls
    @received = Queue.new
    @closed = Queue.new
    @connections = Queue.new
    @acceptor = Thread.new { loop { Thread.new(@socket.accept) { |connection| serve(connection) } } }
  end

  def url(query = "") = "#{@scheme}://127.0.0.1:#{port}/in?#{query}"

  # Waits until a request is in.
  def await_request = @received.pop(timeout: 5) || raise("no request came in")

  # From now on nobody gets an answer.
  def hang_from_now_on = @hanging = true

  # Whether a client that waited has gone away.
  def client_gone? = !@closed.pop(timeout: 5).nil?

  def requests = @received.size

  # How many there were.
  def connections = @connections.size

  def stop
    @acceptor.kill.join
    @socket.close
  end

  private

  def serve(connection)
    @connections << true
    while (request = read(connection))
      @received << request
      @hanging || request.include?("hang") ? hang(connection) : answer(connection, request[/sleep=([\d.]+)/, 1].to_f)
    end
  rescue SystemCallError, IOError, OpenSSL::SSL::SSLError
    nil
  ensure
    connection.close
  end

  def read(connection)
    request = connection.gets or return
    length = 0
    while (line = connection.gets) && line != "\r\n"
      length = Integer(line[/\d+/]) if line.downcase.start_with?("content-length")
    end
    connection.read(length)
    request
  end

  def hang(connection)
    connection.read(1)
  rescue SystemCallError
    nil
  ensure
    @closed << true
  end

  def answer(connection, pause)
    sleep(pause)
    connection.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
  end
end
