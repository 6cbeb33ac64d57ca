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

    it "takes both where both are asked for" do
      receipts = [person, twin].map { |one| PwbCrm.erase(one) }
      3.times { drain_all }
      expect([people, receipts.map { |one| one.reload.state }]).to eq([[0, 0], %w[complete complete]])
    end
  end
end
