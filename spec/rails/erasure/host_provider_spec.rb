# frozen_string_literal: true

require "rails_helper"

# A platform of a host's own, whose provider may know nothing of erasing.
RSpec.describe PwbCrm::Receipt do
  let(:site) { website }
  let!(:crm) { integration(site, "scripted") }
  let(:person) { contact(site) }

  # Whatever it is asked, it says that it did it.
  before do
    person
    all_due
    drain(crm)
  end

  def erase
    receipt = PwbCrm.erase(person)
    all_due
    drain(crm)
    receipt.reload
  end

  it "tells what a provider that does not say it erases has left, and asks it for nothing" do
    ScriptedProvider.erases = false
    sent = ScriptedProvider.keys.size
    receipt = erase
    expect(receipt.state).to eq("incomplete")
    expect(receipt.entries.sole).to include("outcome" => "refused", "external_id" => "remote-#{person.id}",
                                            "reason" => /ScriptedProvider erases nothing.*by hand/)
    expect(ScriptedProvider.keys.size).to eq(sent)
    PwbCrm.track(person)
    all_due
    drain(crm)
    expect(ScriptedProvider.keys.size).to eq(sent)
  end

  it "tells so, too, where it may have arrived without a link" do
    PwbCrm::Link.delete_all
    PwbCrm::Delivery.update_all(state: "failed", doubt: true)
    ScriptedProvider.erases = false
    expect(erase.entries.sole).to include("outcome" => "refused")
  end

  it "believes one that says it" do
    expect(erase.entries.sole).to include("outcome" => "erased")
  end

  it "is what our own providers say, and no other" do
    ours = [PwbCrm::Providers::ZohoCrm, PwbCrm::Providers::Zendesk, PwbCrm::Providers::Custom]
    expect(ours.map { |type| type.new(crm).erases? }).to all(be(true))
    expect(PwbCrm::Providers::Base.new(crm).erases?).to be(false)
  end
end
