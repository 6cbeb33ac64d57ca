# frozen_string_literal: true

require "json"
require "socket"

# Answers anything with what it was sent, as a badly behaved remote would, or with what it was told.
class EchoServer
  STATUSES = ["200 OK", "302 Found", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found",
              "409 Conflict", "422 Unprocessable", "429 Too Many Requests", "500 Oops"].freeze

  def initialize
    @socket = TCPServer.new("127.0.0.1", 0)
    @acceptor = Thread.new { loop { Thread.new(@socket.accept) { |connection| serve(connection) } } }
    answer_with("401 Unauthorized")
  end

  def url = "http://127.0.0.1:#{@socket.addr[1]}"

  def answer_with(status, reply = nil)
    @status = status
    @reply = reply
  end

  def stop
    @acceptor.kill.join
    @socket.close
  end

  private

  def serve(connection)
    head = +""
    head << connection.readpartial(1) until head.end_with?("\r\n\r\n")
    body = connection.read(head[/content-length: (\d+)/i, 1].to_i)
    write(connection, @reply || echo("#{head}#{body}"))
  rescue IOError, SystemCallError
    nil
  ensure
    connection.close
  end

  def echo(text)
    { error: text, code: "SOME_CODE", message: text, description: text,
      details: { api_name: "Email" } }.to_json
  end

  def write(connection, reply)
    connection.write("HTTP/1.1 #{@status}\r\ncontent-type: application/json\r\n" \
                     "content-length: #{reply.bytesize}\r\n\r\n#{reply}")
  end
end
