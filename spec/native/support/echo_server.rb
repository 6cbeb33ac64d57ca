# frozen_string_literal: true

require "json"
require_relative "http1"
require_relative "loopback_server"

# Answers anything with what it was sent, as a badly behaved remote would, or with what it was told.
class EchoServer < LoopbackServer
  include Http1

  STATUSES = ["200 OK", "302 Found", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found",
              "409 Conflict", "422 Unprocessable", "429 Too Many Requests", "500 Oops"].freeze
  JSON_TYPE = "content-type: application/json\r\n"

  def initialize
    answer_with("401 Unauthorized")
    super
  end

  def answer_with(status, reply = nil)
    @status = status
    @reply = reply
  end

  private

  def serve(connection)
    head = +""
    head << connection.readpartial(1) until head.end_with?("\r\n\r\n")
    body = connection.read(head[/content-length: (\d+)/i, 1].to_i)
    write_response(connection, @reply || echo("#{head}#{body}"), status: @status, headers: JSON_TYPE)
  end

  def echo(text)
    { error: text, code: "SOME_CODE", message: text, description: text,
      details: { api_name: "Email" } }.to_json
  end
end
