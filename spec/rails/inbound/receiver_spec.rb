# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The receiver" do
  let(:site) { website }
  let(:secret) { "whsec_#{["0123456789abcdef" * 2].pack("m0")}" }
  let(:token) { "a-token-of-zoho-s" }
  let!(:desk) do
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end
  let!(:crm) do
    integration(site, "zoho_crm",
                config: { access_token: "t", api_domain: "https://www.zohoapis.com", hook_token: token })
  end
  let!(:hook) { webhook(site, config: { inbound_secret: secret }) }
  let(:body) { ticket_event }

  before { ActiveJob::Base.queue_adapter.enqueued_jobs.clear }

  def events = PwbCrm::InboundEvent.order(:id)

  def tell_desk(text = body) = tell(desk, text, from_zendesk(text))

  def enqueued = ActiveJob::Base.queue_adapter.enqueued_jobs.count { |job| job["job_class"].end_with?("InboundJob") }

  def shown(path, **env)
    ActionDispatch::Request.new(Rack::MockRequest.env_for(path).merge(env.stringify_keys)).filtered_path
  end

  def log = Rails.root.join("log", Rails.configuration.log_file_name)

  def counts = [events.count, enqueued]

  # Nothing of it is anywhere.
  def expect_refused(status)
    before = counts
    size = log.size
    answer = yield
    expect([answer.status, answer.body, *counts]).to eq([status, "{}", *before])
    expect(log.read(nil, size).to_s).not_to match(/SOLVED|s3cret-value#{"|evt-1" if status < 500}/)
    answer
  end

  it "takes an event of Zendesk's, once" do
    expect(tell_desk.status).to eq(200)
    expect(events.sole).to have_attributes(
      integration_id: desk.id, event_id: "evt-1", event_type: "ticket.status_changed", state: "pending",
      external_type: "ticket", external_id: "900", payload: JSON.parse(body)
    )
    expect(enqueued).to eq(1)
    expect(tell_desk.status).to eq(200)
    expect([events.count, enqueued]).to eq([1, 1])
  end

  it "takes a notification of Zoho's, a row for each record, without the token" do
    note = zoho_event(%w[71 72], token:, affected_values: [{ record_id: "72", values: { Phone: "1" } }])
    expect(tell(crm, note).status).to eq(200)
    expect(tell(crm, note).status).to eq(200)
    expect(events.pluck(:event_type, :external_type,
                        :external_id)).to eq([%w[Contacts.update Contacts 71], %w[Contacts.update Contacts 72]])
    expect(events.last.payload).to eq("operation" => "update", "fields" => %w[Phone], "values" => { "Phone" => "1" })
    expect(enqueued).to eq(1)
    later = zoho_event(%w[71], token:, at: 1.minute.from_now)
    tell(crm, later)
    expect(events.count).to eq(3)
  end

  it "takes a webhook that is signed after Standard Webhooks, with the new secret and the one before" do
    told = { type: "contact.updated", timestamp: "2026-01-02T03:04:05Z", data: { id: "12" } }.to_json
    old = secret
    new = "whsec_#{["f" * 32].pack("m0")}"
    hook.update!(config: hook.config.merge("inbound_secret" => new, "previous_inbound_secret" => old))
    [old, new].each_with_index do |one, i|
      expect(tell(hook, told, from_webhook(told, secret: one, id: "msg_#{i}")).status).to eq(200)
    end
    expect(events.pluck(:event_id, :occurred_at)).to eq([["msg_0", Time.iso8601("2026-01-02T03:04:05Z")],
                                                         ["msg_1", Time.iso8601("2026-01-02T03:04:05Z")]])
  end

  it "refuses what is forged, stale, unsigned, or signed for another" do
    other = integration(website, "zendesk", config: { subdomain: "b", access_token: "t", hook_secret: "other" })
    bare = integration(site, "zendesk", config: { subdomain: "c", access_token: "t" })
    genuine = from_zendesk(body)
    expect_refused(401) { tell(desk, body.sub("900", "901"), genuine) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, secret: "forged")) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, at: 2.hours.ago.utc.iso8601)) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, at: "yesterday")) }
    expect_refused(401) { tell(desk, body, genuine.transform_values { |_| "\xFF" }) }
    [desk, crm, hook].each { |one| expect_refused(401) { tell(one, body) } }
    expect_refused(401) { tell(other, body, genuine) }
    expect_refused(401) { tell(bare, body, from_zendesk(body, secret: "")) }
    expect_refused(401) { tell(hook, body, from_webhook(body, secret:, at: 301.seconds.ago)) }
    expect_refused(401) { tell(crm, zoho_event(%w[71], token: "another-token-xx")) }
    expect_refused(401) { tell(crm, zoho_event(%w[71], token: nil)) }
    expect_refused(401) { tell(crm, "[#{token}") }
  end

  it "answers the same for every address that nobody has" do
    off = integration(site, "zendesk", config: desk.config, active: false)
    copied = integration(site, "zendesk", config: desk.config, environment: "elsewhere")
    gone = integration(site, "zendesk", config: desk.config).tap(&:disconnect!)
    paths = [off, copied, gone].map(&:webhook_path)
    paths << desk.webhook_path.sub("zendesk", "zoho_crm") << desk.webhook_path.sub("zendesk", "nobody")
    paths << desk.webhook_path.sub(desk.key, SecureRandom.hex(16)) << desk.webhook_path.sub(desk.key, "%00")
    answers = paths.map { |path| expect_refused(404) { tell(path, body, from_zendesk(body)) } }
    expect(answers.map { |answer| answer.headers.except("x-runtime", "x-request-id") }.uniq.size).to eq(1)
  end

  it "takes what an integration is told while it is paused" do
    desk.pause!("moving")
    expect(tell_desk.status).to eq(200)
  end

  it "reads no more of a body than it may have, announced or not" do
    configure(inbound_body_limit: 1000)
    long = ticket_event(description: "s3cret-value" * 100)
    expect_refused(413) { tell(desk, long, from_zendesk(long)) }
    chunked = StringIO.new(long)
    expect_refused(413) { tell(desk, chunked, from_zendesk(long), "CONTENT_LENGTH" => nil) }
    expect(chunked.pos).to eq(1001)
    expect_refused(413) { tell(desk, "{}", "Content-Length" => "x", "CONTENT_LENGTH" => "1001") }
  end

  it "refuses what is signed, but makes no sense, and says nothing of it" do
    odd = ["", "a\nb", { a: 1 }].map { |id| ticket_event(id:) }
    odd.push(ticket_event(type: "x" * 300), ticket_event(ticket: "\0"), "{", "[]", "nil", "{\"a\":\"\xFF\"}", "[" * 200)
    odd.each { |text| expect_refused(400) { tell_desk(text) } }
    [{ ids: [] }, { ids: nil }, { ids: [nil] }, { server_time: "now" }, { module: nil },
     { operation: 1 }].each do |wrong|
      expect_refused(400) { tell(crm, zoho_event(%w[71], token:, **wrong)) }
    end
    signed = '{"type":{"a":1}}'
    expect_refused(400) { tell(hook, signed, from_webhook(signed, secret:)) }
  end

  it "takes an integration's events from its networks only, if it names them" do
    desk.update!(settings: { source_networks: ["203.0.113.0/24", "2001:db8::/32"] })
    %w[203.0.114.1 2001:db9::1 127.0.0.1].each do |address|
      expect_refused(403) { tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => address) }
    end
    %w[203.0.113.9 2001:db8:1::1 ::ffff:203.0.113.9].each do |address|
      expect(tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => address).status).to eq(200)
    end
  end

  it "compares addresses of IPv4 as such, however a network is written, and takes none of a single machine's" do
    %w[::ffff:203.0.113.0/120 ::ffff:203.0.113.9].each do |network|
      desk.update!(settings: { source_networks: [network] })
      %w[203.0.113.9 ::ffff:203.0.113.9].each do |address|
        expect(tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => address).status).to eq(200)
      end
      expect_refused(403) { tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => "203.0.114.9") }
    end
    expect { desk.update!(settings: { source_networks: ["fe80::1%eth0"] }) }.to raise_error(/no network/)
  end

  it "refuses what is no text, which could never be stored, and takes what is" do
    halves = ['\\udc00', '\\uD83D', '\\ud83dx']
    halves.each do |half|
      wrong = body.sub("SOLVED", half)
      expect_refused(400) { tell(desk, wrong, from_zendesk(wrong)) }
    end
    told = body.sub("SOLVED", '\\uD83D\\ude00')
    tell(desk, told, from_zendesk(told))
    expect(PwbCrm::InboundEvent.sole.payload.to_json).to include("😀")
  end

  it "answers 503, to be repeated, when it cannot be stored, and what is told of that holds nothing of it" do
    allow(Rails.error).to receive(:report)
    fault = ActiveRecord::ConnectionNotEstablished.new("s3cret-value")
    allow(PwbCrm::InboundEvent).to receive(:store).and_raise(fault)
    expect(expect_refused(503) { tell_desk }.headers["retry-after"]).to eq("30")
    allow(PwbCrm::Integration).to receive(:receiving).and_raise(fault)
    expect_refused(503) { tell_desk }
    expect(Rails.error).to have_received(:report).twice do |error, **|
      expect(error).to be_a(PwbCrm::ConnectionError).and have_attributes(message: /not be stored: ActiveRecord::Conn/)
      expect([error.message, error.cause].to_s).not_to include("s3cret-value")
    end
  end

  it "stores it though the queue is down" do
    allow(Rails.error).to receive(:report)
    allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(IOError)
    expect(tell_desk.status).to eq(200)
    expect(events.count).to eq(1)
  end

  it "leaves the key out of the log, of level debug, too, and out of what any path for logs is" do
    size = log.size
    tell_desk
    %w[?a=1 /].each { |rest| tell("#{desk.webhook_path}#{rest}", body) }
    Rack::MockRequest.new(Rails.application).get(desk.webhook_path)
    written = log.read(nil, size)
    expect(Rails.logger).to be_debug
    expect(written).to include("/api/crm/webhooks/zendesk/[FILTERED]?a=1", "/api/crm/webhooks/zendesk/[FILTERED]/")
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
    expect(written).to include("zendesk/[FILTERED].json", "/webhooks/[FILTERED]\"")
    expect(written).not_to match(/#{desk.key}|No route matches|Invalid/)
  end

  it "takes nothing but a POST" do
    answer = Rack::MockRequest.new(Rails.application).get(desk.webhook_path)
    expect([answer.status, answer.headers["allow"], answer.body]).to eq([405, "POST", "{}"])
  end

  it "reads and writes the database once" do
    tell_desk
    fresh = ticket_event(id: "evt-2")
    made = []
    listener = ->(event) { made << event.payload[:sql][/\A\s*(\w+).*pwb_/m, 1] }
    ActiveSupport::Notifications.subscribed(listener, "sql.active_record") { tell_desk(fresh) }
    expect(made.compact).to eq(%w[SELECT INSERT])
  end

  it "tells those who listen what became of it" do
    heard = []
    listener = ->(event) { heard << event.payload }
    ActiveSupport::Notifications.subscribed(listener, "receive.pwb_crm") do
      2.times { tell_desk }
      tell(desk, body)
      tell("/api/crm/webhooks/zendesk/#{SecureRandom.hex(16)}", body)
    end
    type = "ticket.status_changed"
    expect(heard.map { |told| told.values_at(:integration_id, :outcome, :status, :event_id, :event_type) }).to eq(
      [[desk.id, :stored, 200, "evt-1", type], [desk.id, :repeated, 200, "evt-1", type],
       [desk.id, :unverified, 401, nil, nil], [nil, :unknown_key, 404, nil, nil]]
    )
  end

  it "refuses what would verify nothing when it is saved, and names that are none" do
    { crm => [{ config: crm.config.merge("hook_token" => "short") }, /16 to 50/],
      hook => [{ config: hook.config.merge("inbound_secret" => "whsec_") }, /secret/],
      desk => [{ settings: { source_networks: ["203.0.113.0/99"] } }, /no network/] }.each do |one, (change, message)|
      expect { one.update!(change) }.to raise_error(ActiveRecord::RecordInvalid, message)
    end
    expect { desk.reload.update!(settings: { source_networks: "203.0.113.0/24" }) }.to raise_error(/must be a list/)
  end

  it "keeps what verifies out of parameters" do
    filter = ActiveSupport::ParameterFilter.new(Rails.application.config.filter_parameters)
    names = %w[hook_secret previous_hook_secret hook_token previous_hook_token inbound_secret previous_inbound_secret]
    expect(filter.filter(names.index_with("x")).values.uniq).to eq(["[FILTERED]"])
  end
end
