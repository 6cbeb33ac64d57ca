# frozen_string_literal: true

require "rails_helper"

# Where a Contact has to stay, for the deals that hang on it.
RSpec.describe "a person whom Zoho is to forget and whose record stays" do
  include_context "with a person to erase"

  before { crm.update!(settings: { "erase" => "anonymise", "deletes" => "keep" }) }

  it "has nothing left of what was delivered, and the receipt says so" do
    id = zoho.records("Contacts").sole["id"]
    person.update!(other_email: "ana.ruiz@example.com", primary_phone_number: "+34 600 000 001")
    drain_all
    receipt = PwbCrm.erase(person)
    drain_all
    kept = zoho.records("Contacts").sole
    expect(kept).to include("id" => id, "Last_Name" => "Erased")
    expect(kept.values_at(*%w[First_Name Email Secondary_Email Phone Mobile Mailing_City])).to all(be_nil)
    expect([held[:zoho], zoho.records("Notes"), zendesk.users]).to eq([0, [], []])
    expect(receipt.reload).to have_attributes(state: "complete", to_s: /contact #{person.id}, .* erased \(anonymised:/)
  end

  it "is not sent there again, and made anew only when that is wanted" do
    PwbCrm.erase(person)
    drain_all
    person.update!(last_name: "Ruiz-Dobson")
    message(site, contact: person)
    drain_all
    drain_all
    expect([held[:zoho], zoho.records("Contacts").size]).to eq([0, 1])
    PwbCrm.track(person, erased: true)
    drain_all
    expect(zoho.records("Contacts").map { |one| one["Last_Name"] }).to eq(%w[Erased Ruiz-Dobson])
  end

  it "is done by then where somebody has deleted the record there, and tickets are deleted as ever" do
    zoho.delete_record("Contacts", zoho.records("Contacts").sole["id"])
    receipt = PwbCrm.erase(person)
    problem = ticket(site)
    drain_all
    PwbCrm.erase(problem)
    drain_all
    expect([receipt.reload.state, zoho.records("Cases"), zoho.records("Contacts")]).to eq(["complete", [], []])
  end

  it "is refused as a setting of another word" do
    expect { crm.update!(settings: { "erase" => "burn" }) }
      .to raise_error(ActiveRecord::RecordInvalid, /erase: unknown variant `burn`.*`anonymise`/)
  end
end
