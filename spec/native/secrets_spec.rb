# frozen_string_literal: true

require_relative "support/echo_server"
require_relative "support/native_help"

RSpec.describe "Secrets", :native do
  let(:remote) { EchoServer.new }
  let(:contact) { { kind: "contact", id: 7, last_name: "S3crety", email: "s3cret.mail@example.com", phone: "5550100" } }
  let(:works) { [{ key: 1, action: "upsert", event_id: "msg_1", record: contact, website: { id: 1 } }] }
  let(:clients) do
    PwbCrm.config.assign(zoho_base_url: url, zendesk_base_url: url)
    [PwbCrm::ZohoClient.new(access_token: "s3cret-zoho", api_domain: "www.zohoapis.com"),
     PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "s3cret-zendesk"),
     client("#{url}/s3cret/path?key=s3cret-query")]
  end
  let(:url) { remote.url }

  after { remote.stop }

  def told(outcome)
    error = outcome.error
    calls = outcome.calls.map { |call| call.to_h.except(:path) }
    [outcome, error, error.full_message(highlight: false), error.details, error.cause, calls].map(&:inspect).join("\n")
  end

  EchoServer::STATUSES.product([nil, "<html>s3cret 5550100</html>", "", '{"data":[{"code":']).each do |status, reply|
    it "are in no message when the remote answers #{status} with #{reply ? reply.inspect : "what it was sent"}" do
      remote.answer_with(status, reply)
      failed = clients.flat_map { |client| client.sync(works) }.select(&:failed?)
      expect(failed).not_to be_empty unless status == "200 OK"
      expect(failed.map { |outcome| told(outcome) }.join).not_to match(/s3cret|S3crety|5550100|MfKQ9r8G/)
    end
  end

  it "are in no message when nobody answers" do
    PwbCrm.config.assign(zoho_base_url: "http://127.0.0.1:1", zendesk_base_url: "http://127.0.0.1:1")
    outcomes = [PwbCrm::ZohoClient.new(access_token: "s3cret", api_domain: "www.zohoapis.com"),
                PwbCrm::ZendeskClient.new(subdomain: "acme", email: "s3cret@example.com", api_token: "s3cret"),
                client("http://127.0.0.1:1/s3cret?q=s3cret")].flat_map { |client| client.sync(works) }
    expect(outcomes).to all(be_failed)
    expect(outcomes.map { |outcome| told(outcome) }.join).not_to match(/s3cret|S3crety|MfKQ/)
  end

  it "are in no message about tokens" do
    PwbCrm.config.assign(zoho_base_url: url, zendesk_base_url: url)
    app = { client_id: "s3cret-id", client_secret: "s3cret-app" }
    [-> { PwbCrm::ZohoClient.refresh(refresh_token: "s3cret-r", **app) },
     -> { PwbCrm::ZohoClient.exchange(code: "s3cret-c", redirect_uri: "https://a.example/s3cret", **app) },
     -> { PwbCrm::ZendeskClient.refresh(subdomain: "acme", refresh_token: "s3cret-r", **app) }].each do |ask|
      expect(&ask).to raise_error(PwbCrm::Error) { |error|
        expect([error.full_message(highlight: false), error.details.inspect].join).not_to include("s3cret-")
      }
    end
  end
end
