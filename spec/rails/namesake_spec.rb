# frozen_string_literal: true

require "rails_helper"

# An enquiry whose contact the host has yet to save, or never does, goes under the person with its sender's address:
# Zoho and Zendesk then call them what the sender typed.
RSpec.describe "an enquiry without a contact, from the address of one" do
  include_context "with remotes"

  let!(:known) { contact(site, first_name: "Ana", last_name: "Ruiz", primary_email: "ana@example.com") }

  def enquire_anonymously
    message(site, sender_name: "anita r", sender_email: "ana@example.com")
  end

  def names = [zoho.records("Contacts").sole["Last_Name"], zendesk.users.sole["name"]]

  it "leaves the contact in its own state, whatever the sender typed" do
    drain_all
    enquire_anonymously
    drain_all
    drain_all
    expect(names).to eq(["Ruiz", "Ana Ruiz"])
    expect(states.keys).to eq(["succeeded"])
  end

  it "does so when both go in one drain" do
    enquire_anonymously
    2.times { drain_all }
    expect(names).to eq(["Ruiz", "Ana Ruiz"])
  end

  it "sends nothing again where no contact is meant" do
    drain_all
    message(site, sender_name: "Bo Li", sender_email: "bo@example.com")
    2.times { drain_all }
    before = requests
    drain_all
    expect(requests).to eq(before)
    expect(PwbCrm::Delivery.where(record_type: "contact").count).to eq(3)
  end

  it "does not wait for a save of the contact that is not committed yet", :committed, :postgresql do
    drain_all
    enquire_anonymously
    all_due
    during_open_save(known, first_name: "Anna") { expect(seconds { drain(crm) }).to be < 1 }
    all_due
    drain(crm)
    expect(zoho.records("Contacts").sole.values_at("First_Name", "Last_Name")).to eq(%w[Anna Ruiz])
  end
end
