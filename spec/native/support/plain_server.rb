# frozen_string_literal: true

require "json"
require "socket"

# HTTP on loopback, on nothing but sockets. Plays a webhook receiver and as much of Zoho CRM and Zendesk as a record
# needs. A path with "hang" gets no answer, one with "garbage" none that is HTTP.
class PlainServer
  ZOHO = { data: [{ code: "SUCCESS", status: "success", action: "insert", message: "record added",
                    details: { id: "4001", Modified_Time: "2026-01-02T03:04:05+00:00" } }] }.to_json.freeze
  ZENDESK = { user: { id: 11 }, ticket: { id: 12 } }.to_json.freeze
  TOKENS = { access_token: "1000.a", refresh_token: "1000.r", expires_in: 3600, scope: "x",
             api_domain: "https://www.zohoapis.eu" }.to_json.freeze
  ANSWERS = { "/oauth" => TOKENS, "/crm" => ZOHO, "/api" => ZENDESK }.freeze

  def initialize
    @socket = TCPServer.new("127.0.0.1", 0)
    @acceptor = Thread.new { loop { Thread.new(@socket.accept) { |connection| serve(connection) } } }
  end

  def url = "http://127.0.0.1:#{@socket.addr[1]}"

  def stop
    @acceptor.kill.join
    @socket.close
  end

  private

  def serve(connection)
    while (request = connection.gets)
      length = headers(connection)
      connection.read(length)
      answer(connection, request.split[1])
    end
  rescue SystemCallError, IOError
    nil
  ensure
    connection.close
  end

  def headers(connection)
    length = 0
    while (line = connection.gets) && line != "\r\n"
      length = line[/\d+/].to_i if line.downcase.start_with?("content-length")
    end
    length
  end

  def answer(connection, path)
    return connection.read(1) if path.include?("hang")
    return connection.write("garbage\r\n\r\n") && connection.close if path.include?("garbage")

    body = ANSWERS.find { |start, _| path.start_with?(start) }&.last || ""
    connection.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" \
                     "content-length: #{body.bytesize}\r\n\r\n#{body}")
  end
end
