# frozen_string_literal: true

require "rails_helper"

RSpec.describe "Applying what came in" do
  include_context "with a Zendesk user"

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
    expect(endings).to eq(%w[foreign foreign foreign foreign unknown foreign].map { |code| ["ignored", code] })
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

  it "leaves nothing of it where the host's handler failed" do
    configure(inbound_handlers: { contact: lambda do |record, change|
      record.update!(primary_phone_number: change.fields["phone"])
      taken << 1
      raise "not now" if taken.one?
    end })
    user_event("1", mark: "pwb:#{site.id}:contact:#{person.id}")
    apply
    expect([PwbCrm::Link.count, phone, endings]).to eq([0, nil, [%w[pending handler_failed]]])
    PwbCrm::InboundEvent.update_all(run_at: 1.minute.ago)
    2.times { apply }
    expect([PwbCrm::Link.count, phone, endings, taken]).to eq([1, "1", [["applied", nil]], [1, 1]])
  end

  it "tells a record of another website from one that is gone" do
    theirs = contact(website)
    gone = contact(site).tap(&:destroy!)
    hook = webhook(site)
    [theirs, gone].each.with_index do |one, i|
      hook.inbound_events.create!(event_id: "msg_#{i}", event_type: "contact.updated", run_at: 1.minute.ago,
                                  payload: { "data" => { "id" => one.id } }, occurred_at: Time.utc(2026))
      link(one, id: "4#{i}")
      user_event("1", id: "4#{i}")
      user_event("2", id: "5#{i}", mark: "pwb:#{site.id}:contact:#{one.id}")
    end
    [hook, desk].each { |one| apply(one) }
    expect(endings.map(&:last)).to eq((%w[foreign] * 3) + (%w[unknown] * 3))
    moved = contact(site).tap { |one| link(one, id: "60") }
    moved.update_columns(website_id: theirs.website_id)
    user_event("3", id: "60")
    apply
    expect([endings.last, taken]).to eq([%w[ignored foreign], []])
  end

  it "takes a mark from nothing but what such records are at Zendesk" do
    mark = "pwb:#{site.id}:contact:#{person.id}"
    user_event("1", id: "781", mark:, type: "ticket.status_changed").update!(external_type: "ticket")
    broken = ticket(site)
    user_event("2", id: "42", mark: "pwb:#{site.id}:support_ticket:#{broken.id}")
    apply
    expect(endings).to eq([%w[ignored foreign]] * 2)
    expect([taken, PwbCrm::Link.count]).to eq([[], 0])
  end

  it "tells each of the people who are one at the remote" do
    both = [person, contact(site)].each { |one| link(one) }
    user_event("1")
    apply
    expect(taken).to eq(both.sort_by { |one| one.id.to_s }.map { |one| [one.id, "1"] })
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

  it "is told to those who listen" do
    link
    event = user_event("1")
    heard = []
    ActiveSupport::Notifications.subscribed(->(told) { heard << told.payload }, "apply.pwb_crm") { apply }
    expect(heard.sole).to include(
      integration_id: desk.id, record_type: "contact", record_id: person.id.to_s, attempt: 1,
      event_type: "user.phone_changed", event_id: event.event_id, outcome: :applied, error_code: nil,
      duration_ms: be >= 0
    )
  end

  it "applies once what a handler answers by forgetting where the record is, or by having it erased" do
    known = link
    answers = [->(record) { PwbCrm.track(record, erased: true) }, ->(_) { known.delete }, ->(one) { PwbCrm.erase(one) }]
    configure(inbound_handlers: { contact: lambda do |record, change|
      taken << change.fields["phone"]
      answers.shift.call(record)
    end })
    known.update!(erased_at: Time.current)
    user_event("1") && apply
    expect(PwbCrm::Link.find(known.id)).to have_attributes(erased_at: nil, inbound_at: Time.utc(2026))
    user_event("2", at: 1) && apply
    expect(PwbCrm::Link.find_by(id: known.id)).to be_nil
    user_event("3", at: 2, mark: "pwb:#{site.id}:contact:#{person.id}") && apply
    expect([taken, endings]).to eq([%w[1 2 3], [["applied", nil]] * 3])
  end
end
