# frozen_string_literal: true

require "json"
require "openssl"
require "timeout"
require_relative "support/fresh_config"

RSpec.describe "A Ruby transport", :fresh_config do
  let(:client) do
    PwbCrm::WebhookClient.new(url: "https://hooks.example.com/in?key=s3cret",
                              secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", timeout: 7)
  end
  let(:requests) { [] }

  def work(key)
    { key:, action: "upsert", event_id: "msg_#{key}",
      record: { kind: "contact", id: key, email: "s3cret@b.example" } }
  end

  def transport
    PwbCrm.config.transport = lambda do |request|
      requests << request
      yield(request)
    end
  end

  it "is asked for one request after the other, in the calling thread" do
    threads = []
    transport { threads.push(Thread.current) && [200, {}, []] }
    expect(client.sync([work(1), work(2)]).map { |outcome| [outcome.key, outcome.action] })
      .to eq([["1", :created], ["2", :created]])
    expect(threads.uniq).to eq([Thread.current])
    expect(requests.map { |request| request.headers["webhook-id"] }).to eq(%w[msg_1 msg_2])
  end

  it "gets a request that is signed, frozen and has the deadline" do
    transport { PwbCrm::Response.new(204) }
    client.sync([work(1)])
    request = requests.first
    expect(request).to be_frozen.and have_attributes(method: "POST", url: "https://hooks.example.com/in?key=s3cret")
    expect(request.deadline).to be_within(1).of(Time.now + 7)
    expect(PwbCrm::WebhookSigner.new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").verify!(request.body,
                                                                                       request.headers)).to be(true)
  end

  it "is asked for nothing when an event has no id, which is told by the event's place and key" do
    transport { [200, {}, []] }
    [work(2).except(:event_id), work(2).merge(event_id: " "), work(2).merge(event_id: nil).transform_keys(&:to_s),
     work(2).except(:event_id).merge(occurred_at: Time.now)].each do |without|
      expect { client.sync([work(1), without]) }
        .to raise_error(PwbCrm::ConfigurationError, "works[1] (key 2).event_id is missing.")
    end
    expect(requests).to be_empty
  end

  it "turns what it raises into an error that may have been sent, keeping the cause" do
    transport { |request| request.headers["webhook-id"] == "msg_2" ? raise(Errno::EPIPE, "s3cret") : [200, {}, []] }
    outcomes = client.sync([work(1), work(2), work(3)])
    expect(outcomes.map(&:success?)).to eq([true, false, true])
    error = outcomes[1].error
    expect(error).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :maybe, code: "Errno::EPIPE",
                                                                       retryable?: true)
    expect(error.cause).to be_a(Errno::EPIPE)
    expect(error.message).to include("contact 2").and(satisfy { |text| !text.include?("s3cret") })
  end

  [IOError, SocketError, Errno::ECONNRESET, OpenSSL::SSL::SSLError, Timeout::Error, RuntimeError, NoMethodError,
   Class.new(StandardError)].each do |raised|
    it "turns a #{raised.name || "StandardError of the host's"} into a ConnectionError that may have been sent" do
      transport { raise raised, "s3cret" }
      error = client.sync([work(1)]).first.error
      expect(error).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :maybe, cause: be_a(raised))
      expect(error.message + error.inspect).not_to include("s3cret")
    end
  end

  it "does so with errors of the host's that only stand below the gem's own" do
    [PwbCrm::Error, Class.new(PwbCrm::Error)].each do |raised|
      transport { raise raised, "odd" }
      expect(client.sync([work(1)]).first.error)
        .to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :maybe, cause: be_a(raised))
    end
  end

  {
    "a code that is no text" => ["x", { code: 5 }],
    "a message of invalid bytes" => ["\xFF".b, {}],
    "a code of invalid bytes" => ["x", { code: "\xFF" }]
  }.each do |what, (message, options)|
    it "takes an error of the gem's with #{what} for a ConnectionError, too" do
      raised = PwbCrm::ConnectionError.new(message, **options)
      transport { raise raised }
      expect(client.sync([work(1)]).first.error)
        .to be_an_instance_of(PwbCrm::ConnectionError).and have_attributes(sent: :maybe, cause: equal(raised))
    end
  end

  it "may answer with header names that are no text" do
    transport { [200, { "\xFF".b => "a", "x\xFF" => "b" }, []] }
    expect(client.sync([work(1)]).first).to be_success
  end

  it "tells a timeout from a broken connection, and keeps the gem's own errors" do
    raised = [Timeout::Error, PwbCrm::RateLimitError, PwbCrm::BlockedAddressError]
    transport { raise raised[requests.size - 1], "late" }
    errors = client.sync([work(1), work(2), work(3)]).map(&:error)
    expect(errors.map(&:class)).to eq([PwbCrm::TimeoutError, PwbCrm::RateLimitError, PwbCrm::BlockedAddressError])
    expect(errors.map(&:sent)).to eq(%i[maybe maybe no])
  end

  it "leaves alone what is no StandardError" do
    transport { raise Interrupt }
    expect { client.sync([work(1)]) }.to raise_error(Interrupt)
  end

  it "takes a wrong kind of answer for an error of the configuration" do
    transport { "ok" }
    expect(client.sync([work(1)]).first.error).to be_a(PwbCrm::ConfigurationError)
  end

  it "is never asked for an address that may not be called" do
    transport { [200, {}, []] }
    inside = PwbCrm::WebhookClient.new(url: "https://169.254.169.254/latest",
                                       secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    expect(inside.sync([work(1)]).first.error).to be_a(PwbCrm::BlockedAddressError)
    expect(requests).to be_empty
  end

  it "sends nothing more when the time is up" do
    transport { sleep(0.06) && [200, {}, []] }
    outcomes = client.sync([work(1), work(2)], within: 0.05)
    expect(outcomes.map(&:success?)).to eq([true, false])
    expect(outcomes.last.error).to be_a(PwbCrm::TimeoutError).and have_attributes(sent: :no)
  end

  it "is refused in production, unless that is allowed" do
    stub_const("Rails", Module.new.tap do |rails|
                          rails.define_singleton_method(:env) do
                            Struct.new(:production?).new(true)
                          end
                        end)
    transport { [200, {}, []] }
    expect { client.sync([work(1)]) }.to raise_error(PwbCrm::ConfigurationError, /allow_transport_in_production/)
    PwbCrm.config.allow_transport_in_production = true
    expect(client.sync([work(1)]).first).to be_success
  end

  it "refreshes tokens, and raises with the cause when it cannot" do
    transport do |request|
      request.url.include?("zoho") ? [200, {}, ['{"access_token":"new","expires_in":3600}']] : raise(IOError)
    end
    app = { client_id: "id", client_secret: "secret" }
    expect(PwbCrm::ZohoClient.refresh(refresh_token: "r", **app)).to include(access_token: "new", expires_in: 3600)
    expect(PwbCrm::ZohoClient.exchange(code: "c", redirect_uri: "https://a.example",
                                       **app)).to include(access_token: "new")
    expect { PwbCrm::ZendeskClient.refresh(subdomain: "acme", refresh_token: "r", **app) }
      .to raise_error(PwbCrm::ConnectionError) { |error| expect(error.cause).to be_a(IOError) }
  end

  it "revokes a token" do
    transport { [200, {}, ['{"status":"success"}']] }
    expect(PwbCrm::ZohoClient.revoke(token: "r", client_id: "id", client_secret: "secret")).to be(true)
    expect(requests.first.url).to eq("https://accounts.zoho.com/oauth/v2/token/revoke")
  end

  it "upserts plain records, by either kind of name, 100 at a time" do
    transport do |request|
      records = JSON.parse(request.body)["data"]
      [200, {}, [{ data: records.map { { code: "SUCCESS", action: "insert", details: { id: "1" } } } }.to_json]]
    end
    zoho = PwbCrm::ZohoClient.new(access_token: "t", api_domain: "www.zohoapis.com")
    outcomes = zoho.upsert("Contacts", Array.new(120) { |i| { :last_name => "L#{i}", "Email" => "#{i}@b.example" } })
    expect(outcomes.map(&:key)).to eq((0...120).map(&:to_s))
    expect(requests.map { |request| JSON.parse(request.body)["data"].size }).to eq([100, 20])
    expect(JSON.parse(requests.first.body)["data"].first).to eq("Last_Name" => "L0", "Email" => "0@b.example")
    expect(zoho.upsert("Contacts", [])).to eq([])
  end
end
