# frozen_string_literal: true

require_relative "../support/http_doubles"
require_relative "../unit/support/fresh_config"

RSpec.describe "The clients in a host's specs", :fresh_config do
  let(:zoho) { PwbCrm::ZohoClient.new(access_token: "cassette-access-token", api_domain: "www.zohoapis.com") }
  let(:stub) { stub_request(:post, %r{\Ahttps://www\.zohoapis\.com/crm/v8/Contacts}) }
  let(:created) { { data: [{ code: "SUCCESS", action: "insert", details: { id: "7" } }] }.to_json }

  def upsert = zoho.upsert("Contacts", [{ last_name: "Ruiz" }]).first

  describe "with WebMock" do
    include_context "with WebMock"

    it "get what is stubbed, and WebMock sees what they send" do
      stub.to_return(status: 201, body: created)
      expect(upsert).to have_attributes(action: :created, id: "7")
      expect(stub.with(body: hash_including(data: [{ Last_Name: "Ruiz" }]), headers: {
                         "Authorization" => "Zoho-oauthtoken cassette-access-token", "User-Agent" => %r{\Apwb_crm/}
                       })).to have_been_requested.once
    end

    {
      "a timeout" => [:to_timeout, [], PwbCrm::TimeoutError, :maybe],
      "a reset" => [:to_raise, [Errno::ECONNRESET], PwbCrm::ConnectionError, :maybe],
      "an HTTP 503" => [:to_return, [{ status: 503 }], PwbCrm::RemoteError, :maybe]
    }.each do |what, (fate, arguments, error, sent)|
      it "make of #{what} what they make of it in earnest" do
        stub.public_send(fate, *arguments)
        expect(upsert.error).to be_a(error).and have_attributes(sent:)
      end
    end

    it "let WebMock's own word on a request without a stub through" do
      expect { upsert }.to raise_error(WebMock::NetConnectNotAllowedError, /stub_request/)
    end

    it "leave a transport alone that is set" do
      PwbCrm.config.transport = ->(_) { [201, {}, created] }
      expect(upsert).to be_success
    end

    it "are native again as soon as WebMock is disabled" do
      WebMock.disable!
      expect(PwbCrm::Testing::NetHTTP.for_webmock).to be_nil
    end
  end

  describe "with VCR" do
    include_context "with VCR"

    let(:fake) do
      PwbCrm::Testing::FakeZoho.new(access_token: "cassette-access-token", refresh_token: "cassette-refresh-token",
                                    client_secret: "cassette-client-secret")
    end
    let(:app) { { client_id: fake.client_id, client_secret: fake.client_secret } }
    let(:server) { PwbCrm::Testing::Server.start(fake) }

    before { PwbCrm.config.assign(allow_private_hosts: true, zoho_base_url: server.url) }
    after { server.stop }

    def ask
      VCR.use_cassette("zoho") do
        [upsert.id, PwbCrm::ZohoClient.refresh(refresh_token: fake.refresh_token, **app)]
      end
    end

    it "are recorded once, and replayed when the remote is gone" do
      id, tokens = ask
      expect(tokens[:access_token]).to eq(fake.access_token)
      server.stop
      expect(ask).to match([id, tokens.merge(access_token: "[FILTERED]")])
      expect(fake.requests.size).to eq(2)
    end

    it "leave no credential in the cassette" do
      ask
      expect(cassette("zoho")).to include("/crm/v8/Contacts", "Ruiz", "grant_type=refresh_token", "%5BFILTERED%5D")
      expect(cassette("zoho")).not_to match(/cassette-|#{fake.access_token}/)
    end

    it "keep what others record as it is" do
      url = URI("#{server.url}/crm/v8/Contacts")
      VCR.use_cassette("other") { Net::HTTP.get(url, { "Authorization" => "mine" }) && ask }
      VCR.use_cassette("other") { Net::HTTP.get(url, { "Authorization" => "mine" }) }
      expect(cassette("other")).to include("mine").and(satisfy { |text| !text.include?("cassette-") })
    end

    it "hide a webhook's URL as VCR hides anything" do
      url = "#{server.url}/hooks/cassette-path?key=cassette-query"
      hook = PwbCrm::WebhookClient.new(url:, secrets: "whsec_#{["k" * 32].pack("m0")}")
      work = { key: 1, action: "upsert", event_id: "msg_1", record: { kind: "contact", id: 1 } }
      VCR.configure { |vcr| vcr.filter_sensitive_data("<HOOK>", :hook) { url } }
      statuses = Array.new(2) { VCR.use_cassette("hook", tag: :hook) { hook.sync([work]).first.error.status } }
      expect(cassette("hook")).to include("uri: \"<HOOK>\"").and(satisfy { |text| !text.include?("cassette-") })
      expect([statuses, fake.requests.size]).to eq([[404, 404], 1])
    end
  end

  it "speak to a Rack application in this process" do
    app = ->(env) { [201, {}, [env["HTTP_AUTHORIZATION"].include?("cassette-access-token") ? created : ""]] }
    PwbCrm.config.transport = PwbCrm::Testing::Seam.new("www.zohoapis.com" => app)
    expect(upsert).to have_attributes(action: :created, id: "7")
  end
end
