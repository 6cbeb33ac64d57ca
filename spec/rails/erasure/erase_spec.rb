# frozen_string_literal: true

require "rails_helper"

RSpec.describe "erasing a record" do
  include_context "with a person to erase"

  it "leaves nothing of a person and their enquiries in any system, with a receipt" do
    expect(held.values).to all(be_positive)
    receipt = PwbCrm.erase(person, by: "Ana")
    expect(receipt).to have_attributes(state: "pending", requested_by: "Ana", record_type: "contact")
    drain_all

    expect([held.values, told.last(2)]).to eq([[0, 0], %w[message.erased contact.erased]])
    expect(receiver.events.last["data"]).to eq("id" => person.id.to_s)
    expect(outcomes(receipt)).to eq(
      %w[zoho_crm zendesk custom].flat_map { |one| ["#{one} message", "#{one} contact"] }.index_with("erased")
    )
    expect(receipt).to have_attributes(state: "complete", completed_at: be_present,
                                       to_s: /zoho_crm \(integration \d+\), contact #{person.id}, Contacts \d+: erased/)
  end

  it "deletes a user of Zendesk's for good, after their tickets" do
    PwbCrm.erase(person)
    drain_all
    expect(deleted).to eq(%w[tickets users deleted_users])
  end

  it "sends nothing of it again, however it is saved, tracked or found, until that is wanted" do
    PwbCrm.erase(person)
    drain_all
    person.update!(last_name: "Ruiz-Dobson")
    enquiry.update!(content: "And now?")
    PwbCrm.track(person)
    message(site, contact: person)
    PwbCrm::Reconcile.call
    drain_all
    drain_all
    expect(held.values).to eq([0, 0])
    expect(PwbCrm::Delivery.where(state: "skipped").pluck(:error_message)).to all(match(/erased here on/))

    PwbCrm.track(person.reload, erased: true)
    drain_all
    expect(held.values).to all(be_positive)
  end

  it "is what a resync says of it" do
    PwbCrm.erase(person)
    drain_all
    run = PwbCrm.resync(crm, kinds: [:contact])
    PwbCrm::IntegrationResyncJob.perform_now(run.id)
    expect(run.reload.counts.dig("contact", "cannot").keys).to match([a_string_starting_with("it was erased here on")])
  end

  it "takes what is waiting with it, and what is saved before it is done" do
    person.update!(last_name: "Dobson")
    receipt = PwbCrm.erase(person)
    person.update!(last_name: "Li")
    expect(PwbCrm::Delivery.waiting.where(record_type: "contact").pluck(:action).uniq).to eq(%w[erase])
    drain_all
    expect([held.values, receipt.reload.state]).to eq([[0, 0], "complete"])
  end

  it "is not lost to a save while it is on its way and fails" do
    receipt = PwbCrm.erase(person)
    zoho.fail_next(1, status: 503, only: ->(request) { request.delete? && request.path.include?("Contacts") })
    stop = StopAt.new(/INSERT INTO .*sync_logs/) { person.update!(last_name: "Li") }
    all_due
    stop.run { drain(crm) }
    drain_all
    drain_all
    expect([held[:zoho], receipt.reload.state]).to eq([0, "complete"])
  end

  it "works for a record that is gone, and for a ticket with its replies" do
    person.destroy!
    gone = PwbCrm.erase(kind: "contact", id: person.id, website_id: site.id)
    drain_all
    expect([held.values, gone.reload.state]).to eq([[0, 0], "complete"])
    problem = ticket(site)
    drain_all
    ticket_receipt = PwbCrm.erase(problem)
    drain_all
    expect([zoho.records("Cases"), zendesk.tickets, ticket_receipt.reload.state]).to eq([[], [], "complete"])
  end

  it "never deletes an agent, and says so" do
    link = desk.links.find_by(record_type: "contact")
    agent = zendesk.add_user("name" => "Agent", "email" => "agent@example.com", "role" => "agent")
    link.update!(external_id: agent["id"].to_s)
    receipt = PwbCrm.erase(person)
    drain_all
    expect(outcomes(receipt)).to include("zendesk contact" => "refused", "zoho_crm contact" => "erased")
    expect(receipt).to have_attributes(state: "incomplete", completed_at: nil)
    expect(receipt.to_s).to match(/refused \(.*agent or admin/)
  end

  it "is incomplete where a system refuses, and complete once it is replayed" do
    zoho.fail_next(1, status: 400, only: ->(request) { request.delete? && request.path.include?("Contacts") })
    receipt = PwbCrm.erase(person)
    drain_all
    expect(outcomes(receipt)).to include("zoho_crm contact" => "failed")
    expect(receipt.state).to eq("incomplete")
    PwbCrm::Delivery.replay
    drain_all
    expect([held[:zoho], receipt.reload.state]).to eq([0, "complete"])
  end

  it "waits where nothing may be sent, and cannot reach what was disconnected" do
    crm.pause!("moving")
    hook.update_columns(disconnected_at: Time.current, active: false)
    receipt = PwbCrm.erase(person)
    drain_all
    expect(outcomes(receipt)).to include("zoho_crm contact" => "pending", "custom contact" => "unreachable")
    expect(receipt.state).to eq("pending")
    crm.resume!
    drain_all
    expect([held[:zoho], receipt.reload.state]).to eq([0, "incomplete"])
  end

  it "goes even where the kind is switched off since, and the delivery keeps no copy" do
    crm.update!(sync_contacts: false)
    person.destroy!
    PwbCrm.erase(kind: "contact", id: person.id, website_id: site.id)
    expect(PwbCrm::Delivery.waiting.where(record_type: "contact").map(&:tombstone)).to all(be_nil)
    drain_all
    expect(held[:zoho]).to eq(0)
  end

  it "leaves no copy in a dead letter, though the system has nothing any more" do
    crm.update!(settings: { "deletes" => "delete" })
    place = crm.links.find_by(record_type: "message").external_id
    zoho.fail_next(1, status: 400, only: :delete?.to_proc)
    enquiry.destroy!
    drain(crm.tap { all_due })
    expect(PwbCrm::Delivery.dead.sole).to have_attributes(tombstone: be_present, error_message: be_present)
    zoho.delete_record("Notes", place)
    receipt = PwbCrm.erase(kind: "message", id: enquiry.id, website_id: site.id)
    drain_all
    expect(outcomes(receipt)["zoho_crm message"]).to eq("nothing")
    expect(PwbCrm::Delivery.dead.sole).to have_attributes(tombstone: be_blank, error_message: nil)
  end

  it "is nothing where nothing was sent, and never another website's" do
    other = integration(website, "custom", webhook_url: "https://hooks.example.com/crm")
    stranger = contact(other.website, primary_email: "else@example.com")
    fresh = Pwb::Contact.create!(website: site, first_name: "New")
    PwbCrm::Delivery.of_record("contact", fresh.id).delete_all
    expect(PwbCrm.erase(fresh)).to have_attributes(state: "complete", entries: [],
                                                   to_s: /nothing of contact #{fresh.id} .* website #{site.id},/)
    PwbCrm.erase(person)
    expect(PwbCrm::Delivery.of_record("contact", stranger.id).pluck(:action)).to eq(%w[create])
    expect { PwbCrm.erase(kind: "house", id: 1, website_id: 1) }.to raise_error(PwbCrm::ConfigurationError, /its kind/)
    expect { PwbCrm.erase(site) }.to raise_error(PwbCrm::ConfigurationError, /none of/)
  end

  it "is told" do
    events = []
    ActiveSupport::Notifications.subscribed(->(event) { events << event.payload }, "erase.pwb_crm") do
      PwbCrm.erase(person)
      drain_all
    end
    expect(events.map { |one| one.values_at(:record_type, :record_id, :state) })
      .to eq([["contact", person.id.to_s, "pending"], ["contact", person.id.to_s, "complete"]])
  end
end
