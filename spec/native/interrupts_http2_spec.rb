# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/http2_server"

RSpec.describe "Interrupts of requests over HTTP/2", :native do
  let(:authority) { Authority.new }
  let(:server) { Http2Server.new(authority) }
  let(:secure) { client(server.url, ca_file: authority.file) }

  after { authority.remove }

  # Four at a time on the one connection.
  def hanging = Array.new(4) { Thread.new { secure.sync([work("hang")]) } }.each { server.await_request }

  def answered
    expect(secure.sync([work]).first).to be_success
    server.await_request
  end

  it "reset their streams, and leave the connection to the others" do
    answered
    10.times do
      hanging.each(&:kill).each(&:join)
      expect(Array.new(4) { server.stream_reset? }).to all(be(true))
      answered
    end
    expect(server.connections).to eq(1)
  end
end
