# frozen_string_literal: true

require "rails_helper"
require_relative "../support/meeting"

# Whoever takes several links takes them in the order of their integrations and records, so that no two wait for each
# other for ever.
RSpec.describe "The order in which links are taken", :committed, :postgresql do
  include_context "with remotes"
  include_context "with others at the same rows"

  let(:place) { { record_type: "thing", external_type: "user", external_id: "77" } }
  let(:things) { links(desk).select { |link| link.record_type == "thing" } }

  # In another order than theirs, in which a plan may find them.
  before { %w[30 10 20].each { |record_id| desk.links.create!(**place, record_id:) } }

  def keep(learned, **)
    PwbCrm::ApplicationRecord.transaction { PwbCrm::Link.keep(learned, **) }
  end

  def learned = things.reverse.map { |link| PwbCrm::Link.find(link.id) }

  it "is that of records, where a settlement has learned the same of all" do
    told = learned.each { |link| link.shadow = { "a" => "b" } }
    beside_one_in_order(things) { keep(told) }
    expect(things.map { |link| link.reload.shadow }).to eq([{ "a" => "b" }] * 3)
  end

  it "is that of records, where it has learned different things, or forgets some" do
    told = learned.take(2).each_with_index { |link, at| link[%i[shadow remote_version][at]] = { "a" => at }.to_json }
    gone = learned.last
    beside_one_in_order(things) { keep(told, gone: [gone]) }
    expect(desk.links.where(record_type: "thing").order(:record_id).pluck(:record_id)).to eq(%w[20 30])
  end

  it "is that of records, where somebody tells of all of them" do
    change = Struct.new(:external_type, :external_id, :mark).new("user", "77", nil)
    allow(PwbCrm::Kinds).to receive_messages(all: %w[thing], class_of: nil)
    targets = PwbCrm::Inbound::Targets.new(desk, change)
    expect(targets.send(:links).map(&:record_id)).to eq(%w[10 20 30])
  end

  it "is that of records, where an integration is moved to another account" do
    desk.links.where(record_id: "20").update_all(erased_at: Time.current)
    beside_one_in_order(things) { desk.update!(config: { subdomain: "other" }) }
    expect(PwbCrm::Link.pluck(:record_id, :external_type)).to eq([%w[20 erased]])
  end

  it "is that of integrations and records, where what was erased is to be sent again" do
    people = Array.new(2) { |at| contact(site, primary_email: "p#{at}@example.com") }
    [desk, crm].product(people.reverse) do |at, one|
      at.links.create!(**place, record_type: "contact", record_id: one.id, erased_at: Time.current)
    end
    ours = [crm, desk].flat_map { |at| links(at).select(&:erased_at) }
    beside_one_in_order(ours) { PwbCrm.track(people, erased: true) }
    expect(PwbCrm::Link.where.not(erased_at: nil)).to be_empty
  end

  it "is that of records, where an enquiry tells of people that the host knows" do
    known = contact(site)
    asked = message(site, sender_name: "anita r")
    ScriptedProvider.script = lambda do |work|
      person = { role: "parent", external_type: "thing", external_id: "remote-#{known.id}" }
      links = work[:record][:kind] == "message" ? [person] : []
      ScriptedProvider.succeeded(work, links:, shadow: { "name" => work[:event_id] })
    end
    PwbCrm.track([known, asked])
    scripted = integration(site)
    2.times { PwbCrm.track([known, asked]) && all_due && drain(scripted) }
    PwbCrm.track(asked)
    all_due
    beside_one_in_order(links(scripted)) { drain(scripted) }
    expect(ScriptedProvider.pushed.flatten.last).to include(link: include(shadow: {}), record: include(kind: "contact"))
  end
end
