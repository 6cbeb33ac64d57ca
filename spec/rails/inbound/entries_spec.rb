# frozen_string_literal: true

require "rails_helper"

RSpec.describe "What one request tells" do
  include_context "with receiving integrations"

  it "takes what a trigger of Zendesk's sends, which has no id" do
    trigger = '{"ticket_id":"42","id":"42","status":"solved"}'
    signed = Array.new(3) { |i| from_zendesk(trigger, at: i.seconds.ago.utc.iso8601) }
    invoke = ->(headers, id) { tell(desk, trigger, headers.merge("X-Zendesk-Webhook-Invocation-Id" => id)).status }
    expect([invoke[signed[0], "inv-0"], invoke[signed[0], "inv-0"], invoke[signed[1], "inv-1"]]).to eq([200] * 3)
    expect(events.pluck(:event_id, :event_type, :external_id))
      .to eq([%w[inv-0 ticket.trigger 42], %w[inv-1 ticket.trigger 42]])
    2.times { tell(desk, trigger, signed[2]) }
    expect(events.count).to eq(3)
  end

  it "takes what a trigger of Zendesk's sends once, signed anew or under another name, which is not signed" do
    trigger = '{"ticket_id":"42","status":"solved"}'
    signed = Array.new(2) { |i| from_zendesk(trigger, at: i.minutes.ago.utc.iso8601) }
    named = ->(headers, id) { headers.merge("X-Zendesk-Webhook-Invocation-Id" => id) }
    [named[signed[0], "a"], named[signed[1], "a"], named[signed[0], "b"], signed[0]].each do |headers|
      expect(tell(desk, trigger, headers).status).to eq(200)
    end
    expect(events.sole.event_id).to eq("a")
    twin = integration(site, "zendesk", config: desk.config)
    tell(twin, trigger, signed[0])
    expect(events.count).to eq(2)
  end

  def many(ids) = zoho_event(ids, token:, affected_values: ids.map { |id| { record_id: id, values: { Phone: id } } })

  def records = events.where.not(external_id: nil)

  it "takes two notifications of Zoho's of one millisecond for two, unless they tell the same" do
    at = Time.now
    [{ Phone: "1" }, { Phone: "2" }, { Phone: "1" }, { Email: "1" }].each do |values|
      tell(crm, zoho_event(["7"], token:, at:, affected_values: [{ record_id: "7", values: }]))
    end
    expect(events.map { |event| event.payload["values"] }).to eq([{ "Phone" => "1" }, { "Phone" => "2" },
                                                                  { "Email" => "1" }])
  end

  it "takes a record that Zoho names twice once, and what it says of it first" do
    rows = %w[first second].map { |phone| { record_id: "7", values: { Phone: phone } } }
    fields = [%w[Phone], %w[Email]].map { |names| { "7" => names } }
    tell(crm, zoho_event(["7", 7, "7"], token:, affected_values: rows, affected_fields: fields))
    expect(events.sole.payload).to include("values" => { "Phone" => "first" }, "fields" => %w[Phone])
    read = crm.provider.read_inbound(zoho_event(%w[7 8 7], token:), {})
    expect(read.map(&:external_id).to_a).to eq(%w[7 8])
  end

  it "takes what is from the future for five minutes ahead at most, and nothing for older than time itself" do
    at = ->(time) { PwbCrm::Inbound::Entry.new(event_id: "1", event_type: "x", payload: {}, occurred_at: time) }
    expect(at[Time.now + 100_000].occurred_at).to be_within(20).of(Time.now + 300)
    expect(at[Time.now + 200].occurred_at).to be_within(20).of(Time.now + 200)
    expect([at[Time.at(-1)].occurred_at, at[Time.at(-(10**15))].occurred_at]).to eq([Time.at(0)] * 2)
    expect(at[nil].occurred_at).to be_within(20).of(Time.now)
  end

  it "is not made deaf for years by one from the future" do
    far = Time.utc(2200).iso8601
    tell(desk, body = ticket_event(id: "future", time: far), from_zendesk(body))
    expect(events.sole.occurred_at).to be_within(20).of(Time.now + 300)
  end

  it "takes a thousand records of one notification with one statement, and takes them apart later" do
    ids = Array.new(1000) { |i| (555_000_000_000_000_000 + i).to_s }
    body = many(ids)
    statuses = []
    stored = statements_of { 2.times { statuses << tell(crm, body).status } }
    expect([stored.grep(/\A\s*INSERT/).size, statuses]).to eq([2, [200, 200]])
    bundle = events.sole
    PwbCrm::Inbound::Applying.new(PwbCrm::InboundEvent.claim(crm.id, limit: 2).sole, crm).call
    expect(bundle.reload).to have_attributes(event_type: "pwb_crm.bundle", state: "applied", payload: nil)
    expect(records.map { |event| event.payload["values"]["Phone"] }).to eq(ids)
    expect(records.map { |event| event.payload["fields"] }.uniq).to eq([%w[Phone]])
  end

  it "takes no more than a thousand" do
    heard = []
    listener = ->(event) { heard << event.payload.values_at(:outcome, :integration_id) }
    ActiveSupport::Notifications.subscribed(listener, "receive.pwb_crm") do
      expect(tell(crm, zoho_event(Array.new(1001, &:to_s), token:)).status).to eq(413)
    end
    expect([heard, events.count]).to eq([[[:too_many_records, crm.id]], 0])
  end

  # Of the processor's time, which others that are at it do not take.
  it "needs less than 50 ms for a thousand records" do
    bodies = Array.new(15) { |i| many(Array.new(1000) { |j| "#{i}#{format("%018d", j)}" }) }
    now = -> { Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID) }
    took = bodies.map do |body|
      began = now.call
      expect(tell(crm, body).status).to eq(200)
      now.call - began
    end
    expect([took.min, events.count]).to match([be < 0.05, 15])
  end

  it "takes a bundle apart once, though some of it has come by itself" do
    at = Time.utc(2026)
    ids = Array.new(30, &:to_s)
    tell(crm, zoho_event(ids.first(2), token:, at:))
    tell(crm, zoho_event(ids, token:, at:))
    expect(events.pluck(:event_type)).to eq(%w[Contacts.update Contacts.update pwb_crm.bundle])
    PwbCrm::IntegrationInboundJob.perform_now(crm.id)
    expect(records.pluck(:external_id, :state, :occurred_at)).to eq(ids.map { |id| [id, "ignored", at] })
    events.find_by!(event_type: "pwb_crm.bundle").destroy!
    2.times { tell(crm, zoho_event(ids, token:, at:)) }
    PwbCrm::IntegrationInboundJob.perform_now(crm.id)
    expect([events.count, records.count]).to eq([31, 30])
  end

  it "takes no more of what a provider of the host's reads, either" do
    stub_const("PwbCrm::Inbound::MOST", 1)
    entry = PwbCrm::Inbound::Entry.new(event_id: "1", event_type: "x", payload: {})
    allow_any_instance_of(PwbCrm::Providers::Zendesk) # rubocop:disable RSpec/AnyInstance -- made anew for each request
      .to receive(:read_inbound).and_return([entry, entry.with(event_id: "2")])
    body = ticket_event
    expect([tell(desk, body, from_zendesk(body)).status, events.count]).to eq([413, 0])
  end
end
