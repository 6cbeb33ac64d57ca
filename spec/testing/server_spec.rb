# frozen_string_literal: true

require_relative "support/calls"
require "net/http"

RSpec.describe PwbCrm::Testing::Server do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new }
  let(:server) { described_class.start(zoho) }
  let(:uri) { URI("#{server.url}/crm/v8/Contacts") }

  before { WebMock.allow_net_connect! if defined?(WebMock) }
  after { server.stop }

  def post(http = nil, name: "Ruiz")
    headers = { "Authorization" => "Zoho-oauthtoken zoho-token", "Content-Type" => "application/json" }
    body = { data: [{ "Last_Name" => name }] }.to_json
    return http.post(uri.path, body, headers) if http

    Net::HTTP.start(uri.host, uri.port, read_timeout: 5) { |fresh| fresh.post(uri.path, body, headers) }
  end

  def seconds
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
  end

  it "serves a fake on a free port of 127.0.0.1" do
    response = post(name: "Núñez")

    expect(server.url).to match(%r{\Ahttp://127\.0\.0\.1:\d+\z})
    expect(response.code).to eq("201")
    expect(response["content-type"]).to eq("application/json;charset=UTF-8")
    expect(zoho.records("Contacts").first["Last_Name"]).to eq("Núñez")
  end

  it "keeps connections alive" do
    Net::HTTP.start(uri.host, uri.port) { |http| 3.times { expect(post(http).code).to eq("201") } }
    expect(zoho.records("Contacts").size).to eq(3)
  end

  it "starts and stops quickly, and prints nothing" do
    elapsed = nil
    expect { elapsed = seconds { described_class.start(zoho).tap { |it| Net::HTTP.get(URI(it.url)) }.stop } }
      .not_to output.to_stdout_from_any_process
    expect(elapsed).to be < 2
  end

  it "stops although a request is still running and a connection is idle" do
    zoho.fail_next(delay: 30, only: lambda(&:post?))
    Net::HTTP.start(uri.host, uri.port) do |idle|
      idle.get("/")
      slow = Thread.new { post }
      sleep 0.01 until zoho.requests.size == 2

      expect(seconds { server.stop }).to be < 3
      expect(slow.value.code).to eq("503")
    end
  end

  it "does not listen any more after stop, which may be called twice" do
    address = uri
    2.times { server.stop }
    expect { Net::HTTP.get(address) }.to raise_error(Errno::ECONNREFUSED)
  end

  it "stops at the end of a block and hands its value on" do
    port = nil
    value = described_class.start(zoho) do |running|
      port = running.port
      :value
    end

    expect(value).to eq(:value)
    expect { TCPSocket.new("127.0.0.1", port) }.to raise_error(Errno::ECONNREFUSED)
  end

  { before: 0, after: 1 }.each do |moment, kept|
    it "resets the connection #{moment} accepting" do
      zoho.fail_next(reset: moment)

      expect { post }.to raise_error(Errno::ECONNRESET)
      expect(zoho.records("Contacts").size).to eq(kept)
      expect(zoho.requests.map(&:status)).to eq([nil])
      expect(post.code).to eq("201")
    end
  end

  it "lets a client time out while the work is done" do
    zoho.fail_next(delay: 1)
    Net::HTTP.start(uri.host, uri.port, read_timeout: 0.2, max_retries: 0) do |http|
      expect { post(http) }.to raise_error(Net::ReadTimeout)
    end
    expect(zoho.records("Contacts").size).to eq(1)
  end

  it "serves pages, nothing, halves and 10 MB" do
    %i[html empty truncated large].each { |kind| zoho.fail_next(garbage: kind) }
    answers = Array.new(4) { post }

    expect(answers.map do |it|
             it["content-type"]
           end).to eq(["text/html;charset=UTF-8", *["application/json;charset=UTF-8"] * 3])
    expect(answers.map { |it| it.body.to_s.bytesize }).to match([be > 50, 0, be > 50, 10 * 1024 * 1024])
    expect { JSON.parse(answers[2].body) }.to raise_error(JSON::ParserError)
  end

  it "serves requests in parallel" do
    zoho.fail_next(8, delay: 0.3)
    elapsed = seconds { Array.new(8) { Thread.new { post } }.each(&:join) }

    expect(elapsed).to be < 1.5
    expect(zoho.records("Contacts").size).to eq(8)
  end

  it "says what to do when puma is missing" do
    lonely = described_class.allocate
    allow(lonely).to receive(:require).and_raise(LoadError, "cannot load such file -- puma")

    expect { lonely.send(:initialize, zoho) }
      .to raise_error(PwbCrm::Testing::UsageError, /needs puma 6 or newer.*Seam/)
  end
end
