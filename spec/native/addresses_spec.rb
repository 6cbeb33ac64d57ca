# frozen_string_literal: true

require_relative "support/address_tricks"
require_relative "support/native_help"

RSpec.describe "The guarded path", :native do
  before { PwbCrm.config.allow_private_hosts = false }

  def error_of(url) = client(url).sync([work]).first.error

  def blocked_before_anything_was_sent
    be_a(PwbCrm::BlockedAddressError).and have_attributes(sent: :no, retryable?: false)
  end

  it "is tried with more than 100 tricks" do
    expect(AddressTricks::ADDRESSES.size + AddressTricks::NAMES.size).to be > 100
  end

  AddressTricks::ADDRESSES.each do |trick, url|
    it "is not passed by #{trick}: #{url.inspect}" do
      expect { PwbCrm::WebhookClient.address(url) }.to raise_error(blocked_before_anything_was_sent)
      # What the client does not refuse itself is refused when it sends.
      expect { raise error_of(url) }.to raise_error(blocked_before_anything_was_sent)
    end
  end

  AddressTricks::NAMES.each do |trick, addresses|
    it "is not passed by #{trick}: #{addresses.join(", ")}" do
      look_ups("hooks.example.com" => [[0, addresses]])
      expect(error_of("https://hooks.example.com/in"))
        .to blocked_before_anything_was_sent.and have_attributes(message: /leads to a private address/)
    end
  end

  {
    "https://hooks.example.com" => "https://hooks.example.com/",
    "HTTPS://8.8.8.8" => "https://8.8.8.8/", "https://8.8.8.8:8443/" => "https://8.8.8.8:8443/",
    "hTTps://MÜNCHEN.example:443/a b" => "https://xn--mnchen-3ya.example/a%20b",
    "https://[64:ff9b::8.8.8.8]/" => "https://[64:ff9b::808:808]/", "https://local.example.com/?a=1" => "https://local.example.com/?a=1"
  }.each do |url, parsed|
    it "is open for #{url}, read as #{parsed}" do
      expect(PwbCrm::WebhookClient.address(url)).to eq(parsed)
    end
  end

  it "takes other ports where they are configured, and then no others" do
    PwbCrm.config.allowed_ports = [9443]
    expect(PwbCrm::WebhookClient.address("https://hooks.example.com:9443/")).to end_with(":9443/")
    expect { PwbCrm::WebhookClient.address("https://hooks.example.com/") }
      .to raise_error(PwbCrm::BlockedAddressError, /port 443 may not be called, only 9443/)
    expect(error_of("https://hooks.example.com:8443/")).to blocked_before_anything_was_sent
  end

  describe "with private hosts allowed" do
    before { PwbCrm.config.allow_private_hosts = true }

    it "is closed for a name that changes its mind between two connections" do
      look_ups("localhost" => [[0, ["127.0.0.1"]], [0, ["169.254.169.254"]]])
      remote = scripted_server { |talk| talk.request && talk.answer("200 OK", "connection: close\r\n") }
      url = remote.url.sub("127.0.0.1", "localhost")
      expect(error_of(url)).to be_nil
      expect(error_of(url)).to blocked_before_anything_was_sent
      expect(remote.connections).to eq(1)
    end

    it "follows no redirect, to metadata or anywhere" do
      ["http://169.254.169.254/latest/meta-data/", "https://hooks.example.com/", server.url].each do |location|
        remote = scripted_server { |talk| talk.request && talk.answer("302 Found", "location: #{location}\r\n") }
        error = error_of(remote.url)
        expect(error).to have_attributes(status: 302)
        expect(error.message).not_to include("meta-data")
        expect(remote.requests.size).to eq(1)
      end
      expect(server.requests).to eq(0)
    end

    it "keeps metadata and link-local addresses shut" do
      %w[http://169.254.169.254/ https://[fd00:ec2::254]/ http://100.100.100.200/ http://[fe80::1]/].each do |url|
        expect(error_of(url)).to blocked_before_anything_was_sent
      end
    end
  end

  it "is the way of tokens, too" do
    look_ups("accounts.zoho.eu" => [[0, ["10.0.0.1"]]], "acme.zendesk.com" => [[0, ["8.8.8.8", "127.0.0.1"]]])
    app = { client_id: "id", client_secret: "secret" }
    zoho = app.merge(accounts_server: "https://accounts.zoho.eu")
    [-> { PwbCrm::ZohoClient.refresh(refresh_token: "r", **zoho) },
     -> { PwbCrm::ZohoClient.exchange(code: "c", redirect_uri: "https://a.example/", **zoho) },
     -> { PwbCrm::ZohoClient.revoke(token: "t", **zoho) },
     -> { PwbCrm::ZendeskClient.refresh(subdomain: "acme", refresh_token: "r", **app) }].each do |ask|
      expect(&ask).to raise_error(blocked_before_anything_was_sent.and(have_attributes(message: /private address/)))
    end
  end

  it "is the way of Zoho's and Zendesk's records" do
    look_ups("www.zohoapis.eu" => [[0, ["192.168.0.1"]]], "acme.zendesk.com" => [[0, ["::1"]]])
    clients = [PwbCrm::ZohoClient.new(access_token: "t", api_domain: "https://www.zohoapis.eu"),
               PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "t")]
    contact = { key: 1, action: "upsert", record: { kind: "contact", id: 1, last_name: "Ruiz", email: "a@b.example" } }
    errors = clients.map { |one| one.sync([contact]).first.error }
    expect(errors).to all(blocked_before_anything_was_sent)
  end
end
