# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::Seam do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new }
  let(:zendesk) { PwbCrm::Testing::FakeZendesk.new }
  let(:seam) { described_class.new("www.zohoapis.com" => zoho, "acme.zendesk.com" => zendesk) }

  def request(url: "https://www.zohoapis.com/crm/v8/Contacts", method: "POST", headers: {}, deadline: Time.now + 30,
              body: { data: [{ "Last_Name" => "Núñez" }] }.to_json)
    headers = { "authorization" => "Zoho-oauthtoken zoho-token", "content-type" => "application/json" }.merge(headers)
    PwbCrm::Request.new(method:, url:, headers:, body:, deadline:)
  end

  it "carries a request to the fake of its host, and the answer back" do
    response = seam.call(request)

    expect(response).to have_attributes(status: 201, headers: a_hash_including("content-type" => /json/))
    expect(JSON.parse(response.body)["data"].first["code"]).to eq("SUCCESS")
    expect(zoho.records("Contacts").first["Last_Name"]).to eq("Núñez")
    expect(zoho.requests.last).to have_attributes(host: "www.zohoapis.com", path: "/crm/v8/Contacts")
  end

  it "carries queries, headers and empty bodies" do
    seam.call(request(url: "https://acme.zendesk.com/api/v2/users/search?query=ana", method: "GET", body: nil,
                      headers: { "authorization" => "Bearer zendesk-token", "Idempotency-Key" => "k1" }))

    expect(zendesk.requests.last).to have_attributes(method: "GET", query: { "query" => "ana" }, status: 200,
                                                     headers: a_hash_including("idempotency-key" => "k1"))
  end

  it "tells ports apart and is deaf to case" do
    other = PwbCrm::Testing::FakeZoho.new
    seam = described_class.new("LOCALHOST" => zoho, "localhost:4000" => other)
    seam.call(request(url: "http://localhost:4000/crm/v8/Contacts"))
    seam.call(request(url: "http://LocalHost:5000/crm/v8/Contacts"))

    expect([other, zoho].map { |app| app.requests.map { |it| it.headers["host"] } })
      .to eq([["localhost:4000"], ["LocalHost:5000"]])
  end

  it "resolves no other host, and names those it knows" do
    expect { seam.call(request(url: "https://www.zohoapis.eu/crm/v8/Contacts")) }
      .to raise_error(SocketError, /"www.zohoapis.eu"; the seam knows www.zohoapis.com, acme.zendesk.com/)
  end

  it "reads the addresses that the core reads, and tells nothing of others" do
    receiver = PwbCrm::Testing::FakeReceiver.new(secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    seam = described_class.new("hooks.example.com" => receiver)
    seam.call(request(url: "https://hooks.example.com/a|b?k=v^"))
    expect(receiver.requests.last).to have_attributes(path: "/a%7Cb", query: { "k" => "v^" })
    expect { seam.call(request(url: "https://ho{oks.example.com/s3cret?k=s3cret")) }
      .to raise_error(SocketError) { |error| expect([error.message, error.cause].join).not_to include("s3cret") }
  end

  it "raises a reset" do
    zoho.fail_next(reset: :after)

    expect { seam.call(request) }.to raise_error(Errno::ECONNRESET)
    expect(zoho.records("Contacts").size).to eq(1)
  end

  describe "a delay" do
    def seconds
      started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      yield
      Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
    end

    it "beyond the deadline times out without sleeping; the fake has done its work" do
      zoho.fail_next(delay: 60)
      elapsed = seconds { expect { seam.call(request) }.to raise_error(Timeout::Error, /60 s/) }

      expect(elapsed).to be < 1
      expect(zoho.records("Contacts").size).to eq(1)
    end

    it "within the deadline costs no time" do
      zoho.fail_next(delay: 20)
      elapsed = seconds { expect(seam.call(request).status).to eq(201) }

      expect(elapsed).to be < 1
    end
  end

  it "serves any Rack application" do
    body = Class.new do
      attr_reader :closed

      def each
        yield "a"
        yield "b"
      end

      def close
        @closed = true
      end
    end.new
    response = described_class.new("example.com" => ->(_) { [200, {}, body] }).call(request(url: "http://example.com"))

    expect(response.body).to eq("ab")
    expect(body.closed).to be(true)
  end
end
