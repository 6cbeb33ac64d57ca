# frozen_string_literal: true

require "json"
require_relative "http1"
require_relative "loopback_server"

# HTTP on loopback, on nothing but sockets. Plays a webhook receiver and as much of Zoho CRM and Zendesk as a record
# needs. A path with "hang" gets no answer, one with "garbage" none that is HTTP.
class PlainServer < LoopbackServer
  include Http1

  ZOHO = { data: [{ code: "SUCCESS", status: "success", action: "insert", message: "record added",
                    details: { id: "4001", Modified_Time: "2026-01-02T03:04:05+00:00" } }] }.to_json.freeze
  ZENDESK = { user: { id: 11 }, ticket: { id: 12 } }.to_json.freeze
  TOKENS = { access_token: "1000.a", refresh_token: "1000.r", expires_in: 3600, scope: "x",
             api_domain: "https://www.zohoapis.eu" }.to_json.freeze
  REVOKED = { status: "success" }.to_json.freeze
  ANSWERS = { "/oauth/v2/token/revoke" => REVOKED, "/oauth" => TOKENS, "/crm" => ZOHO, "/api" => ZENDESK }.freeze

  private

  def serve(connection)
    while (request = read_request(connection))
      reply(connection, request.split[1])
    end
  end

  def reply(connection, path)
    return connection.read(1) if path.include?("hang")
    return connection.write("garbage\r\n\r\n") && connection.close if path.include?("garbage")

    body = ANSWERS.find { |start, _| path.start_with?(start) }&.last || ""
    write_response(connection, body, headers: "content-type: application/json\r\n")
  end
end
