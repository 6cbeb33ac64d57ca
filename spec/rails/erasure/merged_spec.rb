# frozen_string_literal: true

require "rails_helper"
require_relative "../support/erasing"

# The remote id that we know is gone: deleted by hand, or merged with another record.
RSpec.describe "erasing a person who is gone under their id" do
  include_context "with a person to erase"

  def id_of(integration) = PwbCrm::Link.find_by(integration:, record_type: "contact").external_id

  def entry(receipt, platform)
    found = receipt.reload.entries.find { |one| one.values_at("platform", "record_type") == [platform, "contact"] }
    found.values_at("outcome", "external_id")
  end

  def merge_at_zoho(**more)
    old = zoho.record("Contacts", id_of(crm))
    zoho.delete_record("Contacts", old["id"])
    zoho.add_record("Contacts", { **old.slice("First_Name", "Last_Name", "Email"), **more.stringify_keys })["id"]
  end

  def merge_at_zendesk(**more)
    old = zendesk.users.find { |user| user["id"].to_s == id_of(desk) }
    zendesk.delete_user(old["id"])
    zendesk.add_user({ "name" => old["name"], "email" => "ana@example.com", **more.stringify_keys })["id"].to_s
  end

  def erase(**) = PwbCrm.erase(person, **).tap { 3.times { drain_all } }

  it "finds them by their address, as a save does, and erases them there" do
    there = [merge_at_zoho, merge_at_zendesk]
    receipt = erase
    expect([entry(receipt, "zoho_crm"), entry(receipt, "zendesk")]).to eq(there.map { |id| ["erased", id] })
    expect(zoho.records("Contacts") + zendesk.users.select { |user| user["email"] == "ana@example.com" }).to be_empty
    expect(PwbCrm::SyncLog.where(integration: crm, record_type: "contact").newest_first.first.request_payload.to_s)
      .to include("search")
  end

  it "removes what came in under either id" do
    events = [id_of(crm), merge_at_zoho].map do |external_id|
      PwbCrm::InboundEvent.create!(integration: crm, event_id: "e#{external_id}", external_id:, digest: external_id,
                                   external_type: "Contacts", state: "processed", payload: "{}",
                                   event_type: "Contacts.edit")
    end
    erase
    expect(PwbCrm::InboundEvent.where(id: events)).to be_empty
  end

  it "was not there, where nobody has the address, and says so" do
    zoho.delete_record("Contacts", id_of(crm))
    zendesk.delete_user(id_of(desk).to_i)
    receipt = erase
    expect(entry(receipt, "zoho_crm").first).to eq("nothing")
    expect(receipt.state).to eq("complete")
  end

  it "leaves them to people where the app cannot tell the address any more" do
    merge_at_zoho
    id = person.id
    person.delete
    receipt = PwbCrm.erase(kind: "contact", id:, website_id: site.id).tap { 3.times { drain_all } }
    expect([entry(receipt, "zoho_crm").first, receipt.state]).to eq(%w[refused incomplete])
    expect(receipt.to_s).to include("by hand")
    expect(zoho.records("Contacts").size).to eq(1)
  end

  it "leaves them, where the grant does not open the search" do
    merge_at_zoho
    zoho.fail_next(9, status: 401, body: { code: "OAUTH_SCOPE_MISMATCH", details: {}, message: "x", status: "error" },
                      only: ->(request) { request.path.end_with?("/search") })
    expect(entry(erase, "zoho_crm").first).to eq("refused")
    expect(crm.reload.status).to eq(:ready)
  end

  it "leaves whom another contact has by now" do
    there = merge_at_zoho
    other = contact(site, first_name: "Twin")
    2.times { drain_all }
    expect(id_of(crm)).not_to eq(there)
    expect(PwbCrm::Link.find_by(integration: crm, record_id: other.id.to_s).external_id).to eq(there)
    expect(entry(erase, "zoho_crm")).to eq(["refused", there])
    expect(zoho.records("Contacts").size).to eq(1)
  end

  describe "with tickets at Zendesk that we have not made" do
    def add(count, status)
      made = { "subject" => "by phone", "requester_id" => id_of(desk).to_i, "status" => status }
      count.times { zendesk.add_ticket(made) }
    end

    it "tells that closed ones stay, and leaves them" do
      add(3, "closed")
      receipt = erase
      expect([entry(receipt, "zendesk").first, zendesk.tickets.size]).to eq(["erased", 3])
      expect(receipt.to_s).to match(/closed tickets of theirs .* stay in Zendesk/)
    end

    it "is a dead letter while one is not closed, and goes on with a replay" do
      add(1, "open")
      receipt = erase
      expect(entry(receipt, "zendesk").first).to eq("failed")
      zendesk.change_ticket(zendesk.tickets.last["id"], "status" => "closed")
      PwbCrm::DeadLetters.chosen("INTEGRATION" => desk.id.to_s).replay
      drain_all
      expect([entry(receipt, "zendesk").first, receipt.state]).to eq(%w[erased complete])
    end
  end
end
