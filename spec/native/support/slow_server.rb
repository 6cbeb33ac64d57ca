# frozen_string_literal: true

require "openssl"
require_relative "http1"
require_relative "loopback_server"

# A bare HTTP or HTTPS server on loopback. `?sleep=0.2` delays an answer, `?hang` gives none; it counts what came in and
# which waiting connections were closed by the other side.
class SlowServer < LoopbackServer
  include Http1

  # @param tls [OpenSSL::SSL::SSLContext, nil]
  def initialize(tls: nil)
    @received = Queue.new
    @closed = Queue.new
    @connections = Queue.new
    super
  end

  def url(query = "") = "#{super()}/in?#{query}"

  # Waits until a request is in.
  def await_request = @received.pop(timeout: 5) || raise("no request came in")

  # From now on nobody gets an answer.
  def hang_from_now_on = @hanging = true

  # Whether a client that waited has gone away.
  def client_gone? = !@closed.pop(timeout: 5).nil?

  def requests = @received.size

  # How many there were.
  def connections = @connections.size

  private

  def serve(connection)
    @connections << true
    while (request = read_request(connection))
      @received << request
      @hanging || request.include?("hang") ? hang(connection) : pause(connection, request)
    end
  end

  def hang(connection)
    connection.read(1)
  rescue SystemCallError
    nil
  ensure
    @closed << true
  end

  def pause(connection, request)
    sleep(request[/sleep=([\d.]+)/, 1].to_f)
    write_response(connection)
  end
end
