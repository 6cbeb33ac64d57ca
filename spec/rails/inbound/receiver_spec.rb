# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The receiver" do
  include_context "with receiving integrations"

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

  it "takes a body that something of the host's has read before" do
    read = StringIO.new(body).tap(&:read)
    expect(tell(desk, read, from_zendesk(body)).status).to eq(200)
  end

  it "takes what an integration is told while it is paused" do
    desk.pause!("moving")
    expect(tell_desk.status).to eq(200)
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
      expect(error).to have_attributes(cause: nil, backtrace: be_present)
      expect(error.message).not_to include("s3cret-value")
    end
  end

  it "stores it though the queue is down" do
    allow(Rails.error).to receive(:report)
    allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(IOError)
    expect(tell_desk.status).to eq(200)
    expect(events.count).to eq(1)
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
end
