# frozen_string_literal: true

require "rails_helper"

# An enquiry whose contact the host has yet to save, or never does, goes under the person with its sender's address:
# Zoho and Zendesk then call them what the sender typed.
RSpec.describe "an enquiry without a contact, from the address of one" do
  include_context "with remotes"

  let!(:known) { contact(site, first_name: "Ana", last_name: "Ruiz", primary_email: "ana@example.com") }

  def enquire_anonymously(sender_name: "anita r", sender_email: "ana@example.com")
    message(site, sender_name:, sender_email:)
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

  it "does so when the contact's own change comes later in the same batch" do
    remote = ScriptedProvider
    person = { role: "parent", external_type: "thing", external_id: "remote-#{known.id}" }
    remote.slice = 1
    remote.script = lambda do |work|
      held = work.dig(:link, :shadow) || { "name" => "1f" }
      phone = { "phone" => work[:event_id] }
      about = work[:record][:kind] == "contact" ? { shadow: held.merge(phone) } : { links: [person] }
      remote.succeeded(work, **about)
    end
    drain(scripted = integration(site).tap { PwbCrm.track(known) })
    enquire_anonymously
    known.update!(primary_phone_number: "1")
    all_due
    drain(scripted)
    told = remote.pushed.flatten.select { |work| work[:record][:kind] == "contact" }
    expect(told.map { |work| work[:link]&.dig(:shadow)&.keys }).to eq([nil, [], ["phone"]])
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
    during_open_save(known, first_name: "Anna") { drain(crm) }
    all_due
    drain(crm)
    expect(zoho.records("Contacts").sole.values_at("First_Name", "Last_Name")).to eq(%w[Anna Ruiz])
  end

  it "does not forget the others for that save", :committed, :postgresql do
    contact(site, first_name: "Bo", last_name: "Li", primary_email: "bo@example.com")
    drain_all
    enquire_anonymously
    enquire_anonymously(sender_name: "b l", sender_email: "bo@example.com")
    all_due
    during_open_save(known, first_name: "Anna") { drain(crm) }
    all_due
    drain(crm)
    expect(zoho.records("Contacts").pluck("Last_Name")).to contain_exactly("Ruiz", "Li")
  end
end
