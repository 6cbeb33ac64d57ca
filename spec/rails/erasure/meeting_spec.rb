# frozen_string_literal: true

require "rails_helper"
require_relative "../support/meeting"

# Erasures that meet each other, or what else the engine writes about the same records.
RSpec.describe "an erasure that meets others", :committed, :postgresql do
  include_context "with a person to erase"
  include_context "with others at the same rows"

  it "answers all that were asked for at the same time" do
    first = nil
    second = held_up(-> { first = PwbCrm.erase(person) }) { PwbCrm.erase(person) }
    drain_all
    expect([first, second].map { |receipt| receipt.reload.state }).to eq(%w[complete complete])
  end

  it "answers them, too, where nobody had written down yet where the record is" do
    PwbCrm::Link.delete_all
    first = nil
    second = held_up(-> { first = PwbCrm.erase(person) }) { PwbCrm.erase(person) }
    drain_all
    expect([first, second].map { |receipt| receipt.reload.state }).to eq(%w[complete complete])
  end

  it "waits for the first delivery of a record that is just written down, and knows where it went" do
    fresh = contact(site, primary_email: "new@example.com")
    erasing = nil
    stop = StopAt.new(/INSERT INTO .*sync_logs/) do
      erasing = beside { PwbCrm.erase(fresh) }
      wait_until(within: 20) { waiting_for_a_lock? || !erasing.alive? }
    end
    all_due
    stop.run { drain(crm) }
    receipt = erasing.value
    expect(receipt.entries.find { |one| one["platform"] == "zoho_crm" })
      .to include("external_type" => "Contacts", "external_id" => be_present)
    drain_all
    expect([receipt.reload.state, zoho.records("Contacts").to_s]).to match(["complete", /\A(?!.*new@example)/])
  end

  it "never deadlocks with what takes several links in their order" do
    beside_one_in_order(links(desk)) { PwbCrm.erase(person) }
    drain_all
    expect(PwbCrm::Receipt.sole.state).to eq("complete")
  end

  it "never deadlocks with what takes the links of two integrations" do
    person.update!(last_name: "Diaz")
    waiting = PwbCrm::Delivery.waiting.find_by!(integration: crm, record_type: "contact")
    beside_one_in_order([*links(desk).first, waiting]) { PwbCrm.erase(person) }
    drain_all
    expect(PwbCrm::Receipt.sole.state).to eq("complete")
  end

  it "never deadlocks with who notes the same records in bulk" do
    asked = [99_999, 100_000].map { |id| message(site, id:, contact: person) }
    waiting = asked.map { |one| rows("message", desk).waiting.find_by!(record_id: one.id) }
    beside_one_in_order(waiting) { PwbCrm.erase(person) }
    drain_all
    expect(PwbCrm::Receipt.sole.state).to eq("complete")
  end
end
