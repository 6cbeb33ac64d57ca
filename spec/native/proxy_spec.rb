# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/tls_server"
require_relative "support/tunnel"

RSpec.describe "A proxy", :native do
  let(:remote) { TlsServer.new }
  let(:tunnel) { Tunnel.new(remote.port) }
  let(:public_url) { "https://hooks.example.com/in?key=s3cret" }

  before { PwbCrm.config.assign(allow_private_hosts: false, ca_file: remote.ca_file) }

  after do
    tunnel.stop
    remote.stop
  end

  def deliver(url = public_url, **) = client(url, **).sync([work]).first

  it "carries TLS in a tunnel, and looks the name up itself" do
    expect(deliver(proxy: tunnel.url("me:s3cr%40t"))).to be_success
    expect(tunnel.heads).to contain_exactly(
      start_with("CONNECT hooks.example.com:443 HTTP/1.1\r\n").and(include("Basic #{["me:s3cr@t"].pack("m0")}"))
    )
    expect(remote.versions).to eq(["TLSv1.3"])
  end

  it "is that of the settings where a client names none, for calls about tokens, too" do
    PwbCrm.config.proxy = tunnel.url
    expect(deliver).to be_success
    app = { client_id: "id", client_secret: "secret" }
    expect { PwbCrm::ZohoClient.refresh(refresh_token: "r", **app) }.to raise_error(PwbCrm::Error)
    expect { PwbCrm::ZendeskClient.refresh(subdomain: "acme", refresh_token: "r", **app) }.to raise_error(PwbCrm::Error)
    expect(tunnel.heads.map { |head| head[/\S+:443/] })
      .to eq(%w[hooks.example.com:443 accounts.zoho.com:443 acme.zendesk.com:443])
  end

  it "does not make a way to what may not be called" do
    %w[https://127.0.0.1 https://10.0.0.1 https://169.254.169.254 https://[::1] https://localhost
       https://redis https://db.internal https://hooks.example.com:22].each do |url|
      expect(deliver(url, proxy: tunnel.url).error).to have_attributes(class: PwbCrm::BlockedAddressError, sent: :no)
    end
    expect(tunnel.heads).to be_empty
  end

  it "is named with what went wrong when it refuses or is away, without its credentials" do
    refusing = Tunnel.new(0, status: "407 Proxy Authentication Required")
    place = "127.0.0.1:#{refusing.port}"
    refused = deliver(proxy: refusing.url("me:s3cret")).error
    refusing.stop
    away = deliver(proxy: refusing.url("me:s3cret")).error
    { refused => "authorization required", away => "refused" }.each do |error, why|
      expect(error).to have_attributes(class: PwbCrm::ConnectionError, sent: :no, message: include(place, why))
    end
    expect([refused, away].map(&:full_message).join).not_to match(/me:|s3cret|#{["me:s3cret"].pack("m0")}/)
  end

  it "is no one that only the environment names" do
    environment = %w[HTTPS_PROXY https_proxy ALL_PROXY all_proxy].to_h { |name| [name, tunnel.url] }
    out, = ruby(<<~RUBY, environment:)
      PwbCrm.config.assign(allow_private_hosts: true, ca_file: #{remote.ca_file.inspect})
      client = PwbCrm::WebhookClient.new(url: #{remote.url.inspect}, secrets: #{NativeHelp::SECRET.inspect})
      print client.sync([#{work.inspect}]).first.success?
    RUBY
    expect([out, tunnel.heads]).to eq(["true", []])
  end
end
