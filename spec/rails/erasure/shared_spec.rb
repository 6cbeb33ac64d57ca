# frozen_string_literal: true

require "rails_helper"
require_relative "../support/erasing"

# Contacts with one address are one person at Zoho and Zendesk.
RSpec.describe "erasing a person whom others have, too" do
  include_context "with a person to erase"

  def people = [zoho.records("Contacts").size, zendesk.users.count { |user| user["email"] == "ana@example.com" }]

  def of_person(receipt)
    entries = receipt.reload.entries.select { |one| one["record_type"] == "contact" && one["platform"] != "custom" }
    entries.map { |one| one.values_at("outcome", "reason") }
  end

  describe "of another website on the same account" do
    let(:theirs) { website }
    let(:others) do
      [integration(theirs, "zoho_crm", config: zoho_config),
       integration(theirs, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" })]
    end
    let(:stranger) { contact(theirs) }

    def drain_theirs
      all_due
      others.each { |one| drain(one) }
    end

    before do
      others
      message(theirs, contact: stranger, title: "Theirs", content: "Theirs")
      2.times { drain_theirs }
    end

    it "leaves the person and what is theirs, says so, and nothing of who they are" do
      receipt = PwbCrm.erase(person)
      2.times { drain_all }
      expect([people, zendesk.tickets.count { |one| one["subject"].include?("Theirs") }]).to eq([[1, 1], 1])
      expect(zoho.records("Notes").sole.to_s).to include("Theirs")
      expect(receipt.reload.state).to eq("incomplete")
      expect(of_person(receipt)).to all(match(["refused", /somebody else .* same account/]))
      expect(receipt.to_s).not_to match(/website #{theirs.id}|integration (#{others.map(&:id).join("|")})\b/)
    end

    it "does so before the account is known, too" do
      PwbCrm::Integration.update_all(account_digest: nil)
      PwbCrm.erase(person)
      2.times { drain_all }
      expect(people).to eq([1, 1])
    end

    it "erases the person once they have asked for it, too" do
      PwbCrm.erase(stranger)
      PwbCrm.erase(person)
      2.times { [drain_all, drain_theirs] }
      expect(people).to eq([0, 0])
    end

    it "is complete once theirs has ended the person, and says nothing of them" do
      receipt = PwbCrm.erase(person)
      2.times { drain_all }
      PwbCrm.erase(stranger)
      2.times { drain_theirs }
      expect(people).to eq([0, 0])
      expect(of_person(receipt)).to all(match(["erased", /somebody else who had this person there/]))
      expect(receipt.reload.state).to eq("complete")
      expect(receipt.to_s).not_to match(/website #{theirs.id}|integration (#{others.map(&:id).join("|")})\b/)
    end
  end

  describe "of the same website" do
    let!(:twin) { contact(site, first_name: "Twin") }

    before { drain_all }

    it "names the record that is to be erased, too, and does it with that" do
      receipt = PwbCrm.erase(person)
      2.times { drain_all }
      expect(people).to eq([1, 1])
      expect(of_person(receipt)).to all(match(["refused", /contact #{twin.id} of this website .* erase that, too/]))
      expect(outcomes(receipt).slice("zoho_crm message", "zendesk message").values).to eq(%w[erased erased])
      with_it = PwbCrm.erase(twin)
      2.times { drain_all }
      expect([people, outcomes(with_it).values.uniq, held.values.sum]).to eq([[0, 0], ["erased"], 0])
    end

    it "is complete once that has ended the person" do
      receipt = PwbCrm.erase(person)
      2.times { drain_all }
      PwbCrm.erase(twin)
      2.times { drain_all }
      expect(of_person(receipt)).to all(eq(["erased", "It went with contact #{twin.id}."]))
      expect(receipt.state).to eq("complete")
      expect(PwbCrm::Link.of_records("contact", [person.id]).pluck(:external_id).uniq).to eq([""])
    end

    it "does so for all that were asked for before, and removes what came in about the person" do
      receipts = Array.new(2) do
        PwbCrm.erase(person).tap { 2.times { drain_all } }
      end
      id = receipts.first.reload.entries.find { |one| one["external_type"] == "user" }["external_id"]
      PwbCrm::InboundEvent.create!(integration: desk, event_id: "e", digest: "e", event_type: "user.updated",
                                   external_type: "user", external_id: id, payload: {})
      PwbCrm.erase(twin)
      2.times { drain_all }
      expect(receipts.map { |one| one.reload.state }).to eq(%w[complete complete])
      expect(desk.inbound_events).to be_empty
    end

    it "ends with the twin that is merely deleted, where deletes are passed on" do
      receipt = PwbCrm.erase(person)
      2.times { drain_all }
      [crm, desk].each { |one| one.reload.update!(settings: { "deletes" => "delete" }) }
      twin.destroy!
      drain_all
      expect([people, receipt.reload.state]).to eq([[0, 0], "complete"])
    end

    it "takes both where both are asked for" do
      receipts = [person, twin].map { |one| PwbCrm.erase(one) }
      3.times { drain_all }
      expect([people, receipts.map { |one| one.reload.state }]).to eq([[0, 0], %w[complete complete]])
    end
  end
end
