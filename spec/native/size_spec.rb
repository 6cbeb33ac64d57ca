# frozen_string_literal: true

require "zlib"
require_relative "support/native_help"

RSpec.describe "The size of an answer", :native do
  def deliver(headers, body)
    remote = scripted_server { |talk| talk.request && talk.answer("200 OK", headers, body) }
    client(remote.url).sync([work]).first
  end

  # The largest size that the process has had, in bytes.
  def peak = File.read("/proc/self/status")[/VmHWM:\s+(\d+)/, 1].to_i * 1024

  # A gigabyte of zeros: one megabyte, packed once, said a thousand times.
  def bomb
    deflate = Zlib::Deflate.new(9, -Zlib::MAX_WBITS)
    block = deflate.deflate("\0" * (1024 * 1024), Zlib::FULL_FLUSH)
    "\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03".b + (block * 1024)
  end

  it "is counted as it unpacks: a bomb of 1 GiB stops at 2 MiB, and takes no more memory" do
    packed = bomb
    expect(packed.bytesize).to be < 4 * 1024 * 1024
    expect(deliver("content-encoding: gzip\r\n", Zlib.gzip("{}"))).to be_success
    before = peak
    error = nil
    expect(seconds { error = deliver("content-encoding: gzip\r\n", packed).error }).to be < 5
    expect(error).to be_a(PwbCrm::RemoteError).and have_attributes(sent: :maybe, message: /longer than 2097152 bytes/)
    expect(peak - before).to be < 32 * 1024 * 1024
  end

  it "is counted as it comes, too: 3 MB that unpack to nothing are too long" do
    head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n\x1F\x8B\x08\0\0\0\0\0\0\x03".b
    remote = scripted_server { |talk| talk.request && talk.write(head + ("\0\0\0\xFF\xFF".b * 600_000)) }
    error = client(remote.url).sync([work]).first.error
    expect(error).to be_a(PwbCrm::RemoteError).and have_attributes(sent: :maybe, message: /longer than 2097152 bytes/)
  end

  it "is what was agreed on: gzip or nothing" do
    expect(deliver("content-encoding: gzip\r\n", Zlib.gzip("{}"))).to be_success
    expect(deliver("content-encoding: identity\r\n", "{}")).to be_success
    expect(deliver("content-encoding: br\r\n", "")).to be_success # nothing that could be garbage
  end

  ["br", "deflate", "zstd", "x-gzip", "compress", "gzip, br", "aes128gcm"].each do |encoding|
    it "is not read where it comes in #{encoding}, for which nobody asked" do
      error = deliver("content-encoding: #{encoding}\r\n", "\x8B\x01garbage").error
      expect(error).to be_a(PwbCrm::RemoteError).and have_attributes(sent: :maybe, status: 200, retryable?: true)
      expect(error.message).to include("in the content encoding \"#{encoding}\"", "only gzip was asked for")
      expect(error.message).not_to include("garbage")
    end
  end

  it "is not read where a second encoding is hidden in a second header, or the gzip is none" do
    { "content-encoding: gzip\r\ncontent-encoding: br\r\n" => /encoding "gzip, br", though only gzip was asked for/,
      "content-encoding: gzip\r\n" => /cannot be unpacked/ }.each do |headers, message|
      error = deliver(headers, "\x8B\x01garbage").error
      expect(error).to be_a(PwbCrm::RemoteError).and have_attributes(sent: :maybe, message:)
    end
  end

  it "is told in no word of the remote's" do
    error = deliver("content-encoding: {lzwlzw}<b>#{"x" * 500}\r\n", "garbage").error
    expect(error.message).to include("\"lzwlzwb#{"x" * 13}\"")
  end
end
