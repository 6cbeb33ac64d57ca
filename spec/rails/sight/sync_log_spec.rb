# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::SyncLog do
  include_context "with remotes"

  let(:person) { contact(site, first_name: "Zuleika", primary_phone_number: "+34 600 111 222") }

  def last_of(integration) = integration.sync_logs.order(:id).last

  def diffs = [crm, desk, hook].map { |integration| last_of(integration).diff }

  def change(values = {})
    person.update!(values)
    drain_all
  end

  before { change }

  it "tells which fields of the remote record were set, in its own words" do
    zoho_fields = { "First_Name" => "set", "Last_Name" => "set", "Email" => "set", "Phone" => "set" }
    expect(last_of(crm).diff).to include(zoho_fields)
    expect(last_of(desk).diff).to include("name" => "set", "email" => "set", "phone" => "set")
    expect(last_of(hook).diff).to eq("data" => "set")
    expect(diffs.flat_map(&:values)).to all(eq("set"))
  end

  it "tells what was changed, and nothing else" do
    change(first_name: "Eva")
    expect(last_of(crm).diff).to eq("First_Name" => "changed")
    expect(last_of(desk).diff).to eq("name" => "changed")
    expect(last_of(hook).diff).to eq("data" => "changed")
  end

  it "tells what was cleared, and what is filled again" do
    change(primary_phone_number: nil)
    expect(diffs.first(2)).to eq([{ "Phone" => "cleared" }, { "phone" => "cleared" }])
    change(primary_phone_number: "+34 600 333 444")
    expect(diffs.first(2)).to eq([{ "Phone" => "set" }, { "phone" => "set" }])
  end

  it "begins anew with a record that was made again" do
    zoho.delete_record("Contacts", crm.links.sole.external_id)
    change(first_name: "Eva")
    expect(last_of(crm).response_payload).to include("action" => "created")
    expect(last_of(crm).diff).to include("Last_Name" => "set", "First_Name" => "set")
  end

  it "has none for what was the same, failed, or is deleted" do
    PwbCrm.track(person)
    drain_all
    expect(diffs).to all(be_nil)
    zoho.fail_next(status: 500)
    change(first_name: "Eva")
    expect(last_of(crm)).to have_attributes(success: false, diff: nil)
    person.destroy!
    drain_all
    expect(diffs).to all(be_nil)
  end

  it "shows the requests without values, and who shared them" do
    2.times { contact(site) }
    drain_all
    expect(last_of(crm).calls).to match([include(
      "method" => "POST", "path" => "/crm/v8/Contacts/upsert", "status" => 200, "sent" => "yes",
      "fields" => include("Email"), "duration_ms" => be_an(Integer)
    )])
    rows = described_class.all.map { |log| log.attributes.to_s }
    expect(rows.join).not_to match(/Zuleika|600 111|ana@example/)
  end

  it "keeps no query of a request" do
    verdict = PwbCrm::Drain::Verdict.new(person_delivery, outcome("/crm/v8/Contacts/search?email=ana@example.com"),
                                         halted: false)
    described_class.record([verdict]) { { "Email" => "set" } }
    expect(last_of(crm).diff).to eq("Email" => "set")
    expect(last_of(crm).calls).to match([include("path" => "/crm/v8/Contacts/search", "records" => 3)])
  end

  def person_delivery = crm.deliveries.of_record("contact", person.id).last

  def outcome(path)
    PwbCrm::Outcome.new(key: "1", status: :succeeded, calls: [{ method: "GET", path:, status: 200, records: 3 }])
  end
end
