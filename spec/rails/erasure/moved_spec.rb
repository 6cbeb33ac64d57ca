# frozen_string_literal: true

require "rails_helper"
require_relative "../support/erasing"

RSpec.describe "erasing a record that has moved to another website" do
  include_context "with a person to erase"

  let(:new_site) { website(subdomain: "beta") }
  let!(:new_crm) { integration(new_site, "zoho_crm", config: zoho_config) }
  let(:moved) { person.tap { |one| one.update!(website: new_site) } }

  def drain_both
    2.times do
      drain_all
      drain(new_crm)
    end
  end

  def people = zoho.records("Contacts").size

  def entry(receipt, integration)
    receipt.reload.entries.find { |one| one.values_at("integration_id", "record_type") == [integration.id, "contact"] }
  end

  it "reaches what the former website has of it, with what hangs on that, and names whose it is" do
    moved
    drain_both
    receipt = PwbCrm.erase(moved)
    drain_both
    expect([receipt.reload.state, held.values]).to eq(["complete", [0, 0]])
    expect(receipt.entries.pluck("integration_id").uniq).to contain_exactly(crm.id, desk.id, hook.id, new_crm.id)
    expect(receipt.to_s).to include("zendesk (integration #{desk.id} of website #{site.id}), contact #{person.id}")
      .and(include("zoho_crm (integration #{new_crm.id}), contact"))
    expect(receipt.website_id).to eq(new_site.id)
  end

  it "does so whichever system is first" do
    moved
    drain_both
    receipt = PwbCrm.erase(moved)
    drain(new_crm)
    drain_both
    expect([receipt.reload.state, people]).to eq(["complete", 0])
    expect(entry(receipt, crm)["outcome"]).to eq("nothing")
  end

  it "does so by kind and id, too, where the record is that website's" do
    moved
    receipt = PwbCrm.erase(kind: "contact", id: person.id, website_id: new_site.id)
    drain_both
    expect([receipt.reload.state, entry(receipt, desk)["outcome"], held.values]).to eq(["complete", "erased", [0, 0]])
  end

  it "reaches nothing of another website's by kind and id, where the record is not one's own" do
    receipts = [site.id, website.id].map do |website_id|
      moved
      PwbCrm.erase(kind: "contact", id: person.id, website_id:)
    end
    theirs = PwbCrm::Link.where(integration: new_crm)
    expect(receipts.map { |one| one.entries.pluck("integration_id").uniq }).to eq([[crm.id, desk.id, hook.id], []])
    expect(theirs.where.not(erased_at: nil)).to be_empty
  end

  it "tells of the former website's system that is disconnected" do
    moved
    desk.disconnect!
    receipt = PwbCrm.erase(moved)
    expect(entry(receipt, desk)).to include("outcome" => "unreachable", "website_id" => site.id)
  end
end
