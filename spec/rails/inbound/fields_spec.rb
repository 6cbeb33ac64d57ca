# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The order in which single fields come in" do
  let(:site) { website }
  let(:token) { "zoho-hook-token-1234" }
  let!(:crm) do
    integration(site, "zoho_crm",
                config: { api_domain: "https://www.zohoapis.com", access_token: "t", hook_token: token })
  end
  let(:person) { contact(site, primary_phone_number: "000") }
  let(:begun) { Time.now.floor - 60 }
  let(:seen) { [] }
  let!(:link) do
    PwbCrm::Link.create!(integration: crm, record_type: "contact", record_id: person.id, external_type: "Contacts",
                         external_id: "77")
  end

  before { configure(inbound_handlers: { contact: ->(_record, change) { seen << change.fields } }) }

  def zoho(at, operation: "update", **values)
    tell(crm, zoho_event(["77"], token:, at: begun + at, operation:, affected_fields: [{ "77" => values.keys }],
                                 affected_values: [{ record_id: "77", values: }]))
    PwbCrm::IntegrationInboundJob.perform_now(crm.id)
  end

  def endings = PwbCrm::InboundEvent.order(:id).map { |event| event.error_code || event.state }

  def now = seen.reduce({}, :merge)

  it "loses none that no newer event has set, and takes back none that one has" do
    zoho(1, Email: "new", Phone: "new")
    zoho(0, Phone: "old", Last_Name: "Ana")
    zoho(0.5, Email: "older")
    expect(seen).to eq([{ "Email" => "new", "Phone" => "new" }, { "Last_Name" => "Ana" }])
    expect(endings).to eq(%w[applied applied stale])
    expect(PwbCrm::InboundEvent.last.cure).to eq("Nothing to do: newer ones have told of all that it told.")
  end

  it "ends in the newest of each, whatever the order in which events come, and however often" do
    told = [{ Phone: "1", Email: "1" }, { Phone: "2" }, { Email: "3", Last_Name: "3" }, { Phone: "4" }]
    newest = { "Phone" => "4", "Email" => "3", "Last_Name" => "3" }
    (0..3).to_a.permutation.each do |order|
      seen.clear
      link.update!(inbound_at: nil, inbound_sequence: nil, inbound_fields: nil)
      PwbCrm::InboundEvent.delete_all
      [*order, order.first].each { |at| zoho(at, **told[at]) }
      expect(now).to eq(newest), "in the order #{order}"
    end
  end

  it "loses none whose handler failed in passing while a newer one was applied" do
    faults = ["busy"]
    configure(inbound_handlers: { contact: lambda do |_record, change|
      faults.shift&.then { |fault| raise fault }
      seen << change.fields
    end })
    zoho(0, Phone: "1")
    zoho(1, Email: "2")
    PwbCrm::InboundEvent.update_all(run_at: 1.second.ago)
    PwbCrm::IntegrationInboundJob.perform_now(crm.id)
    expect([endings, now]).to eq([%w[applied applied], { "Phone" => "1", "Email" => "2" }])
  end

  it "takes an event without values for one of the whole record, which each newer one is out of date by" do
    zoho(1, operation: "delete")
    zoho(0, Phone: "0")
    zoho(2, Email: "2")
    zoho(1.5, operation: "delete")
    expect(endings).to eq(%w[applied stale applied stale])
  end

  it "remembers so many names and no more, and of others takes nothing older than those it has forgotten" do
    (1..150).each { |i| PwbCrm::Link.find(link.id).then { |one| one.advance(change(i, "f#{i}" => "x")) } }
    known = link.reload
    expect(JSON.parse(known.inbound_fields).size).to be_between(100, 102)
    expect(known.left_of(change(40, "f1" => "y"))).to be_nil
    expect(known.left_of(change(60, "other" => "y", "f70" => "y")).fields).to eq("other" => "y")
    long = "n" * 100_000
    expect(known.advance(change(200, long => "x"))).to be(true)
    expect(known.reload.inbound_fields.bytesize).to be < 10_000
    expect(known.left_of(change(199, long => "y"))).to be_nil
  end

  it "takes note of a change once of two that were read from the same" do
    link.advance(change(9, "Phone" => "9"))
    twins = Array.new(2) { PwbCrm::Link.find(link.id) }
    expect(twins.map { |one| one.advance(change(1, "Email" => "1")) }).to eq([true, false])
  end

  def change(at, **fields)
    event = PwbCrm::InboundEvent.new(event_type: "Contacts.update", event_id: at.to_s, occurred_at: begun + at)
    PwbCrm::Inbound::Change.of(event, fields: fields.stringify_keys, partial: true)
  end
end
