# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The key in the receiver's address" do
  include_context "with receiving integrations"

  def shown(path, **env)
    ActionDispatch::Request.new(Rack::MockRequest.env_for(path).merge(env.stringify_keys)).filtered_path
  end

  it "leaves the key out of the log, of level debug, too, and out of what any path for logs is" do
    size = log.size
    tell_desk
    %w[?a=1 /].each { |rest| tell("#{desk.webhook_path}#{rest}", body) }
    Rack::MockRequest.new(Rails.application).get(desk.webhook_path)
    written = log.read(nil, size)
    expect(Rails.logger).to be_debug
    expect(written).to include("/api/crm/webhooks/zendesk/[FILTERED]?a=1")
    expect(written).not_to include(desk.key)
    paths = ["/webhooks/shop/#{"0" * 40}?b=1", "/webhooks/shop/#{"0" * 32}", "/shop#{desk.webhook_path}"]
    paths.each { |path| expect(shown(path)).to eq(path) }
  end

  it "leaves the key out of it with slashes too many, below another address of the app's, and in a query" do
    many = desk.webhook_path.sub("webhooks/", "webhooks//")
    expect(shown(many)).to eq("/api/crm/webhooks//zendesk/[FILTERED]")
    expect(shown("/api/#{many.delete_prefix("/api")}?k=#{desk.key}")).not_to include(desk.key)
    expect(shown(desk.webhook_path, SCRIPT_NAME: "/cms")).to eq("/cms/api/crm/webhooks/zendesk/[FILTERED]")
    size = log.size
    tell(many, body)
    written = log.read(nil, size)
    expect(written).to include("webhooks//zendesk/[FILTERED]")
    expect(written).not_to include(desk.key)
  end

  it "leaves the key out of the log of statements, too, when an integration is made, changed and looked for" do
    size = log.size
    made = integration(site, "zendesk", config: { subdomain: "new", access_token: "t" })
    made.update!(key: SecureRandom.hex(16))
    PwbCrm::Integration.where(key: made.key).explain.inspect
    expect(PwbCrm::Integration.find_by(key: made.key)).to eq(made)
    written = log.read(nil, size)
    expect(written).to include("INSERT INTO \"pwb_integrations\"", "<32 bytes of binary data>")
    expect(written).not_to include(made.key_before_last_save, made.key)
  end

  it "leaves the key out of the log where somebody has mistaken the address" do
    size = log.size
    path = desk.webhook_path
    %w[.json /more /more.json %ff %ff/more].each do |rest|
      expect_refused(404) { tell("#{path}#{rest}", body, from_zendesk(body)) }
    end
    wrong = [path.sub("zendesk", "zen.desk"), path.sub("zendesk", "zen%ff"), path.sub("zendesk/", "")]
    wrong.each { |one| expect_refused(404) { tell(one, body) } }
    written = log.read(nil, size)
    expect(written).to include("zendesk/[FILTERED]\"", "/webhooks/[FILTERED]\"", "/webhooks/[FILTERED]/[FILTERED]\"")
    expect(written).not_to match(/#{desk.key}|No route matches|Invalid/)
  end

  def encoded(text) = text.bytes.map { |byte| format("%%%02x", byte) }.join

  it "leaves the key out of the log however it is written, and whatever stands before or behind it" do
    key = desk.key
    rests = [encoded(key[0]) + key[1..], encoded(key), encoded(encoded(key)), "#{key}abc", "d#{key}", key.upcase,
             "#{key[0, 16]}-#{key[16..]}", key[0, 31]]
    paths = rests.map { |rest| shown("/api/crm/webhooks/zendesk/#{rest}") }
    expect(paths.uniq).to eq(["/api/crm/webhooks/zendesk/[FILTERED]"])
    rests.first(6).each { |rest| expect(shown("#{desk.webhook_path}?k=#{rest}")).to match(/\?k=\w?\[FILTERED\]\z/) }
    size = log.size
    expect(tell("/api/crm/webhooks/zendesk/#{rests.first}", body, from_zendesk(body)).status).to eq(200)
    expect_refused(404) { tell("/api/crm/webhooks/zendesk/#{rests[3]}", body, from_zendesk(body)) }
    written = log.read(nil, size)
    expect(written).to include("zendesk/[FILTERED]\"")
    expect(written).not_to include(key[1..])
  end

  it "is fit for a log that is text, whatever was asked for" do
    env = { "PATH_INFO" => "#{desk.webhook_path}\xFF".b, "QUERY_STRING" => "a=\xFFb".b, "rack.input" => StringIO.new }
    expect(ActionDispatch::Request.new(env).filtered_path).to eq("/api/crm/webhooks/zendesk/[FILTERED]?a=\uFFFDb")
  end

  it "leaves the key out where it stands in the platform's place" do
    ["", "/", "//", "abc", "abc/#{desk.key}"].each do |rest|
      expect(shown("/api/crm//webhooks/#{desk.key}#{rest}")).to match(%r{\A/api/crm//webhooks(/\[FILTERED\]){1,2}\z})
    end
  end

  # Puma writes what nothing answers down, with the path.
  it "answers a sender that contradicts itself, who comes from nowhere, and leaves the host's own paths as they are" do
    both = { "HTTP_X_FORWARDED_FOR" => "1.2.3.4", "HTTP_CLIENT_IP" => "5.6.7.8" }
    expect(tell(desk, body, from_zendesk(body), **both).status).to eq(200)
    desk.update!(settings: { source_networks: %w[1.2.3.4 5.6.7.8 127.0.0.1] })
    expect_refused(403) { tell(desk, body, from_zendesk(body), **both) }
    expect { tell("/elsewhere", body, {}, **both) }.to raise_error(ActionDispatch::RemoteIp::IpSpoofAttackError)
  end

  it "keeps what verifies out of parameters" do
    filter = ActiveSupport::ParameterFilter.new(Rails.application.config.filter_parameters)
    names = %w[hook_secret previous_hook_secret hook_token previous_hook_token inbound_secret previous_inbound_secret]
    expect(filter.filter(names.index_with("x")).values.uniq).to eq(["[FILTERED]"])
  end
end
