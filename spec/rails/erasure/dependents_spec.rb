# frozen_string_literal: true

require "rails_helper"

# What hangs on a record is erased with it, however little is left that tells so.
RSpec.describe "what is erased with a record" do
  include_context "with a person to erase"

  let(:problem) { ticket(site) }

  def prune
    PwbCrm::Delivery.update_all(settled_at: 1.year.ago)
    PwbCrm::Pruning.call
    expect(PwbCrm::Delivery.count).to eq(0)
  end

  it "are a contact's enquiries whose deliveries were pruned, by the app's own records" do
    PwbCrm::Link.update_all(parent_type: nil, parent_id: nil)
    prune
    receipt = PwbCrm.erase(person)
    drain_all
    expect([held.values, receipt.reload.state, receipt.entries.size]).to eq([[0, 0], "complete", 6])
  end

  it "are those that the app has deleted and the system has kept, by their links" do
    Pwb::Message.delete_all
    prune
    receipt = PwbCrm.erase(person)
    drain_all
    expect([held.values, zendesk.tickets, receipt.reload.state]).to eq([[0, 0], [], "complete"])
  end

  it "are those that never got there, by their deliveries" do
    lost = message(site, contact: person, content: "Lost")
    PwbCrm::Delivery.of_record("message", lost.id).update_all(state: "failed")
    Pwb::Message.where(id: lost.id).delete_all
    entries = PwbCrm.erase(person).entries
    expect(entries.pluck("record_type", "record_id").uniq).to include(["message", lost.id.to_s])
  end

  it "are a ticket's replies, which go with it where a system has them only there" do
    reply(problem, "We look into it, says Ruiz")
    3.times { drain_all }
    expect(zoho.records("Notes").to_s).to include("We look into it")
    expect(desk.links.where(record_type: "comment").count).to eq(1)
    prune
    receipt = PwbCrm.erase(problem)
    drain_all
    expect(outcomes(receipt)).to include("zendesk comment" => "erased", "zoho_crm comment" => "erased",
                                         "custom comment" => "erased", "zendesk support_ticket" => "erased")
    expect(receipt.to_s).to match(/zendesk.*comment.*erased \(It went with its ticket/)
    expect([receipt.state, zoho.records("Cases")]).to eq(["complete", []])
    expect(zoho.records("Notes").to_s).not_to include("We look into it")
  end

  it "are a ticket's replies, of which nothing is kept here either" do
    said = reply(problem, "We look into it, says Ruiz")
    3.times { drain_all }
    of_reply = PwbCrm::Delivery.of_record("comment", said.id)
    of_reply.update_all(error_message: "no: We look into it")
    PwbCrm.erase(problem)
    drain_all
    expect(of_reply.where(integration: desk).distinct.pluck(:error_message)).to eq([nil])
  end

  it "is remembered by the links, as far as it goes" do
    links = PwbCrm::Link.where(integration: desk).order(:id).pluck(:record_type, :parent_type, :parent_id)
    expect(links).to contain_exactly(["contact", nil, nil], ["message", "contact", person.id.to_s])
    enquiry.update!(contact: contact(site, primary_email: "bo@example.com"))
    drain_all
    drain_all
    expect(PwbCrm::Link.find_by(integration: crm, record_type: "message").parent_id).to eq(enquiry.contact_id.to_s)
  end
end
