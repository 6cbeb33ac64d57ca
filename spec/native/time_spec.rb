# frozen_string_literal: true

require "zlib"
require_relative "support/native_help"

RSpec.describe "The time of a request", :native do
  drip = lambda do |talk, bytes|
    bytes.each_char { |byte| talk.write(byte) && sleep(0.05) }
    talk.hang
  end

  # Only the whole time is short: whatever phase takes long, it is that which ends it.
  def deliver(url) = client(url, timeout: 0.5, open_timeout: 60).sync([work]).first.error

  def expect_timeout(sent, &)
    error = nil
    expect(seconds { error = yield }).to be_between(0.4, 5)
    expect(error).to be_a(PwbCrm::TimeoutError).and have_attributes(sent:, retryable?: true)
    expect(error.message).to include("no whole answer within 0.5 s")
  end

  it "covers a name that is not found" do
    # A name of its own: its look-up goes on when nobody waits any more, and others would join it.
    look_ups("slow.example" => [[3, ["127.0.0.1"]]])
    expect_timeout(:no) { deliver("https://slow.example:#{server.port}/") }
    expect(server.requests).to eq(0)
  end

  it "covers a server that takes the connection and never answers the TLS handshake" do
    remote = scripted_server(&:hang)
    expect_timeout(:no) { deliver(remote.url.sub("http", "https")) }
  end

  it "covers a server that drips its part of the TLS handshake" do
    # A handshake record of 16 kB, of which a byte comes now and then.
    remote = scripted_server { |talk| drip.call(talk, "\x16\x03\x03\x40\x00\x02#{"\0" * 200}") }
    expect_timeout(:no) { deliver(remote.url.sub("http", "https")) }
  end

  it "covers headers that do not come, and headers that drip" do
    silent = scripted_server { |talk| talk.request && talk.hang }
    dripping = scripted_server { |talk| talk.request && drip.call(talk, "HTTP/1.1 200 OK\r\nx-a: #{"a" * 900}") }
    [silent, dripping].each { |remote| expect_timeout(:maybe) { deliver(remote.url) } }
  end

  it "covers a body that drips" do
    remote = scripted_server do |talk|
      talk.request && talk.write("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n")
      drip.call(talk, "x" * 899)
    end
    expect_timeout(:maybe) { deliver(remote.url) }
  end

  it "covers a body in gzip that drips" do
    packed = Zlib.gzip(Random.bytes(2_000))
    remote = scripted_server do |talk|
      talk.request && talk.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n")
      drip.call(talk, packed.b)
    end
    expect_timeout(:maybe) { deliver(remote.url) }
  end

  it "is shorter for connecting where it is set so" do
    remote = scripted_server(&:hang)
    error = client(remote.url.sub("http", "https"), timeout: 60, open_timeout: 0.2).sync([work]).first.error
    expect(error).to be_a(PwbCrm::TimeoutError).and have_attributes(sent: :no, message: /no connection to 127.0.0.1/)
  end
end
