# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/tls_server"
require_relative "support/tunnel"

RSpec.describe "In a Ractor", :native do
  # Each in a Ruby of its own: once there was a Ractor, a process is no longer quite the same.
  def in_ractors(body, *arguments)
    out, status = ruby_with_client("sleep=0.1", <<~RUBY)
      PwbCrm.eager_load!
      shared = Ractor.make_shareable(client)
      ractors = Array.new(4) { |i| Ractor.new(shared, i, *#{arguments.inspect}) { |client, i, argument| #{body} } }
      print ractors.map(&:take).inspect
    RUBY
    expect(status).to be_success, out
    out
  end

  it "makes requests, four at the same time, with one client" do
    body = 'client.sync([{ key: i, action: "upsert", event_id: "m", record: { kind: "contact" } }]).first.key'
    expect(in_ractors(body)).to eq('["0", "1", "2", "3"]')
    expect(server.requests).to eq(4)
  end

  # The way to a public name without leaving this machine is a proxy.
  it "makes requests with clients that were built there, all their options given" do
    remote = TlsServer.new
    tunnel = Tunnel.new(remote.port)
    body = <<~RUBY
      client = PwbCrm::WebhookClient.new(url: "https://hooks.example.com/in", secrets: argument, timeout: 20,
                                         open_timeout: 20, proxy: #{tunnel.url.inspect}, ca_file: #{remote.ca_file.inspect})
      client.sync([{ key: i, action: "upsert", event_id: "m", record: { kind: "contact" } }]).first.action
    RUBY
    expect(in_ractors(body, NativeHelp::SECRET)).to eq(([:created] * 4).inspect)
    expect(tunnel.heads).to all(start_with("CONNECT hooks.example.com:443"))
  ensure
    [tunnel, remote].compact.each(&:stop)
  end

  it "builds clients and payloads, signs, and raises typed errors" do
    body = <<~RUBY
      signer = PwbCrm::WebhookSigner.new(argument)
      signed = signer.verify!("x", signer.sign("x", id: "m", timestamp: Time.now))
      name = PwbCrm::Payload.zoho_contact({ last_name: "Ruiz" })["Last_Name"]
      error = PwbCrm::ZohoClient.new(access_token: "t", api_domain: "evil.example") rescue $!.class
      zoho = PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "t").frozen?
      [signed, name, error, zoho]
    RUBY
    expect(in_ractors(body, NativeHelp::SECRET)).to eq(([[true, "Ruiz", PwbCrm::ConfigurationError, true]] * 4).inspect)
  end

  it "calls no private address, because it has no settings" do
    body = <<~RUBY
      client = PwbCrm::WebhookClient.new(url: "http://127.0.0.1:1/", secrets: argument)
      client.sync([{ key: i, action: "upsert", event_id: "m", record: { kind: "contact" } }]).first.error.class
    RUBY
    expect(in_ractors(body, NativeHelp::SECRET)).to eq(([PwbCrm::BlockedAddressError] * 4).inspect)
  end
end
