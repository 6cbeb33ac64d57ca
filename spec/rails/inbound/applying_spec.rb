# frozen_string_literal: true

require "rails_helper"

RSpec.describe "Applying what came in" do
  let(:site) { website }
  let(:person) { contact(site) }
  let!(:desk) { integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "s" }) }
  let(:taken) { [] }

  before do
    configure(inbound_handlers: { contact: lambda do |record, change|
      taken << [record.id, change.fields["phone"]]
      record.update!(primary_phone_number: change.fields["phone"])
    end })
  end

  def link(record = person, into: desk, id: "42")
    PwbCrm::Link.create!(integration: into, record_type: "contact", record_id: record.id.to_s, external_type: "user",
                         external_id: id)
  end

  # A Zendesk user as an event tells of them.
  def user_event(phone, at: 0, into: desk, id: "42", mark: nil, position: nil, type: "user.phone_changed")
    payload = { "detail" => { "id" => id, "phone" => phone, "external_id" => mark },
                "event" => { "meta" => { "sequence" => { "position" => position } } } }
    into.inbound_events.create!(event_id: SecureRandom.uuid, event_type: type, external_type: "user", external_id: id,
                                payload:, occurred_at: Time.utc(2026, 1, 1) + at, run_at: 1.minute.ago)
  end

  def apply(into = desk) = PwbCrm::IntegrationInboundJob.perform_now(into.id)

  def endings = PwbCrm::InboundEvent.order(:id).pluck(:state, :error_code)

  def phone = person.reload.primary_phone_number

  it "hands over what happened, in the order in which it happened, and forgets what it held" do
    link
    user_event("2", at: 2)
    user_event("1", at: 1)
    apply
    expect(taken).to eq([[person.id, "1"], [person.id, "2"]])
    expect(endings).to eq([["applied", nil]] * 2)
    expect(PwbCrm::InboundEvent.pluck(:payload, :attempts)).to eq([[nil, 1]] * 2)
  end

  it "ends in the newest state, whatever the order in which events come, and however often" do
    known = link
    [0, 1, 2, 3].permutation.each do |order|
      known.update!(inbound_at: nil, inbound_sequence: nil)
      [*order, order.first].each { |at| user_event(at.to_s, at:) && apply }
      expect(phone).to eq("3")
    end
    expect(endings.uniq).to contain_exactly(["applied", nil], %w[ignored stale])
  end

  it "goes by the remote's own order within one moment, as numbers, and takes equals as they come" do
    link
    [10, 9, 11].each { |position| user_event(position.to_s, position:) && apply }
    expect(phone).to eq("11")
    user_event("again", position: 11) && apply
    expect(phone).to eq("again")
  end

  it "takes over what adds something, however late" do
    configure(inbound_handlers: { support_ticket: ->(record, change) { taken << [record.id, change.told["comment"]] } })
    opened = ticket(site)
    PwbCrm::Link.create!(integration: desk, record_type: "support_ticket", record_id: opened.id,
                         external_type: "ticket", external_id: "900", inbound_at: Time.utc(2027))
    desk.inbound_events.create!(event_id: "1", event_type: "ticket.comment_added", external_type: "ticket",
                                external_id: "900", occurred_at: Time.utc(2026), run_at: 1.minute.ago,
                                payload: { "detail" => {}, "event" => { "comment" => "hello" } })
    apply
    expect(taken).to eq([[opened.id, "hello"]])
  end

  it "crosses to no other website, though the remote ids and the keys are the same" do
    theirs = contact(website)
    other = integration(theirs.website, "zendesk", config: desk.config)
    link(theirs, into: other)
    user_event("1", mark: "pwb:#{theirs.website_id}:contact:#{theirs.id}")
    user_event("2", mark: "pwb:#{site.id}:contact:#{theirs.id}")
    user_event("3", mark: "pwb:#{site.id}:user:#{theirs.id}")
    user_event("4")
    user_event("5", mark: "pwb:#{site.id}:contact:12 OR 1=1")
    PwbCrm::Link.create!(integration: desk, record_type: "contact", record_id: theirs.id.to_s, external_type: "user",
                         external_id: "43")
    user_event("6", id: "43")
    apply
    expect(endings).to eq(%w[foreign unknown unknown foreign unknown unknown].map { |code| ["ignored", code] })
    expect([taken, theirs.reload.primary_phone_number]).to eq([[], nil])
  end

  it "finds a record whose link was lost by the mark that the remote has of it" do
    mark = "pwb:#{site.id}:contact:#{person.id}"
    user_event("1", mark:)
    apply
    expect(phone).to eq("1")
    expect(PwbCrm::Link.sole).to have_attributes(external_type: "user", external_id: "42", shadow: {},
                                                 record_id: person.id.to_s)
    user_event("2", id: "77", mark:, at: 1)
    apply
    expect([phone, endings.last]).to eq(["1", %w[ignored foreign]])
  end

  it "tells each of the people who are one at the remote" do
    both = [person, contact(site)].each { |one| link(one) }
    user_event("1")
    apply
    expect(taken).to eq(both.map { |one| [one.id, "1"] })
  end

  it "ignores what nobody takes over, and what is of no interest" do
    link
    configure(inbound_handlers: {})
    user_event("1")
    user_event("2").update!(external_type: "organization")
    apply
    expect(endings).to eq([%w[ignored no_handler], %w[ignored unsupported]])
    expect(PwbCrm::Link.sole.inbound_at).to be_nil
  end

  it "knows Zoho's records by their ids" do
    crm = integration(site, "zoho_crm", config: { access_token: "t", api_domain: "https://www.zohoapis.com" })
    PwbCrm::Link.create!(integration: crm, record_type: "contact", record_id: person.id.to_s, external_type: "Contacts",
                         external_id: "71")
    seen = nil
    configure(inbound_handlers: { contact: ->(_record, change) { seen = change } })
    crm.inbound_events.create!(event_id: "1", event_type: "Contacts.update", external_type: "Contacts",
                               external_id: "71", occurred_at: Time.current, run_at: 1.minute.ago,
                               payload: { "operation" => "update", "fields" => %w[Phone], "values" => nil })
    apply(crm)
    expect(seen).to have_attributes(fields: {}, told: { "operation" => "update", "fields" => %w[Phone] }, mark: nil)
    expect(seen.inspect).not_to include("Phone")
  end

  it "knows the records of a webhook by our own ids" do
    hook = webhook(site)
    ["contact.updated", "ticket.updated", "thing.updated", "contact.updated"].each_with_index do |type, i|
      data = { "id" => person.id, "phone" => i.to_s }
      hook.inbound_events.create!(event_id: "msg_#{i}", event_type: type, occurred_at: Time.utc(2026),
                                  run_at: 1.minute.ago, payload: { "type" => type, "data" => data })
    end
    apply(hook)
    expect(taken).to eq([[person.id, "0"], [person.id, "3"]])
    expect(endings.map(&:last)).to eq([nil, "unknown", "unsupported", nil])
    expect(PwbCrm::Link.sole).to have_attributes(external_type: "event", external_id: "msg_0")
  end

  it "works as the tenant, and waits while the website is left out" do
    link
    user_event("1")
    configure(skip_website: ->(_website) { true })
    apply
    expect(endings).to eq([["pending", nil]])
    seen = []
    around = lambda do |site, work|
      seen << site
      work.call
    end
    configure(skip_website: ->(_website) { false }, around_job: around)
    apply
    expect([seen, endings]).to eq([[site], [["applied", nil]]])
  end

  it "goes on while nothing may be sent" do
    link
    user_event("1")
    desk.pause!("moving")
    configure(enabled: false)
    apply
    expect(phone).to eq("1")
  end

  it "leaves alone what is switched off, and what another environment has" do
    link
    user_event("1")
    [{ active: false }, { active: true, environment: "elsewhere" }].each do |change|
      desk.update!(change)
      apply
      expect(PwbCrm::Inbound.sweep).to be_empty
      expect(endings).to eq([["pending", nil]])
    end
  end

  describe "when it goes wrong" do
    include_context "with an error reporter"

    let(:faults) { [] }

    before do
      link
      configure(inbound_handlers: { contact: lambda do |record, change|
        record.update!(primary_phone_number: change.fields["phone"])
        faults.shift&.then { |fault| raise fault }
      end })
    end

    it "tries again later, as if nothing had been, and leaves it to people after eight times" do
      event = user_event("1")
      faults.concat(Array.new(8) { "no" })
      7.times do |i|
        apply
        expect(event.reload).to have_attributes(state: "pending", attempts: i + 1, error_code: "internal",
                                                run_at: be > Time.current)
        expect([phone, PwbCrm::Link.sole.inbound_at]).to eq([nil, nil])
        event.update!(run_at: 1.second.ago)
      end
      configure(notify: ->(_notice) {})
      expect { apply }.to have_enqueued_job(PwbCrm::IntegrationNotifyJob)
        .with(include(name: :inbound_failed, integration_id: desk.id, why: /raised RuntimeError/, cure: /replay/))
      expect(event.reload).to have_attributes(state: "failed", payload: be_present, settled_at: be_present)
      expect(reported.errors.size).to eq(9)
      event.replay!
      apply
      expect([phone, event.reload.state]).to eq(%w[1 applied])
    end

    it "does not keep the events of others" do
      faults << "no"
      user_event("1")
      user_event("2", at: 1)
      apply
      expect([phone, endings]).to eq(["2", [%w[pending internal], ["applied", nil]]])
    end

    it "says what went wrong without values" do
      faults << "phone 555 is no phone"
      event = user_event("1")
      apply
      expect(event.reload.error_message)
        .to eq("applying inbound event #{event.id} of #{desk.label} raised RuntimeError.")
    end
  end

  it "makes room for others when its time is over, and has a job go on" do
    link
    events = Array.new(3) { |i| user_event(i.to_s, at: i) }
    configure(drain_budget: 0.000001)
    expect { apply }.to have_enqueued_job(PwbCrm::IntegrationInboundJob).with(desk.id).once
    expect(events.map { |event| event.reload.attributes.values_at("state", "attempts") })
      .to eq([["applied", 1], ["pending", 0], ["pending", 0]])
  end

  it "is told to those who listen" do
    link
    event = user_event("1")
    heard = []
    ActiveSupport::Notifications.subscribed(->(told) { heard << told.payload }, "apply.pwb_crm") { apply }
    expect(heard.sole).to include(
      integration_id: desk.id, record_type: "contact", record_id: person.id.to_s, event_type: "user.phone_changed",
      event_id: event.event_id, outcome: :applied, error_code: nil, duration_ms: be >= 0
    )
  end

  describe "the sweep" do
    it "finds events that are due, and those whose worker died, and no others" do
      link
      event = user_event("1")
      sweep = -> { PwbCrm::Sweep.call }
      expect(&sweep).to have_enqueued_job(PwbCrm::IntegrationInboundJob).with(desk.id)
      event.update!(run_at: 1.minute.from_now)
      expect(&sweep).not_to have_enqueued_job(PwbCrm::IntegrationInboundJob)
      event.update!(state: "applying", attempts: 1, claimed_at: 50.seconds.ago)
      expect(&sweep).not_to have_enqueued_job(PwbCrm::IntegrationInboundJob)
      event.update!(claimed_at: 61.seconds.ago)
      expect(&sweep).to have_enqueued_job(PwbCrm::IntegrationInboundJob)
      PwbCrm::Sweep.drain
      expect([phone, event.reload.attempts]).to eq(["1", 2])
    end

    it "gives up on what has killed its worker each time" do
      event = user_event("1")
      event.update!(state: "applying", attempts: 8, claimed_at: 61.seconds.ago)
      configure(notify: ->(_notice) {})
      expect { PwbCrm::Inbound.drain }.to have_enqueued_job(PwbCrm::IntegrationNotifyJob)
        .with(include(name: :inbound_failed, why: /worker died.*#{event.id}/))
      expect(event.reload).to have_attributes(state: "failed", error_code: "worker_died")
    end

    it "lets who was only slow write nothing" do
      link
      event = user_event("1")
      slow = PwbCrm::InboundEvent.claim(desk.id, limit: 1).sole
      event.update!(claimed_at: 61.seconds.ago)
      apply
      expect(PwbCrm::Inbound::Applying.new(slow, desk).call).to be_nil
      expect([taken.size, event.reload.attempts]).to eq([1, 2])
    end
  end
end
