# frozen_string_literal: true

require "rails_helper"

# A receipt ends: with what was done, or with what people have to do.
RSpec.describe PwbCrm::Receipt do
  include_context "with a person to erase"

  let(:app) { { client_id: "c", client_secret: "s3cret" } }

  def reasons(receipt) = receipt.reload.entries.pluck("integration_id", "reason").to_h

  it "says what is to be done by hand once an integration is disconnected before it was through" do
    zoho.fail_next(1, status: 400, only: ->(request) { request.delete? && request.path.include?("Contacts") })
    receipt = PwbCrm.erase(person)
    [crm, hook].each { |integration| all_due && drain(integration) }
    expect(outcomes(receipt)).to include("zoho_crm contact" => "failed", "zendesk contact" => "pending")

    [crm, desk].each(&:disconnect!)
    2.times { [crm, desk].each { |integration| PwbCrm::IntegrationRemovalJob.perform_now(integration.id) } }
    expect(outcomes(receipt)).to eq(
      "zoho_crm message" => "erased", "zoho_crm contact" => "unreachable", "zendesk message" => "unreachable",
      "zendesk contact" => "unreachable", "custom message" => "erased", "custom contact" => "erased"
    )
    expect(receipt).to have_attributes(state: "incomplete", completed_at: nil, to_s: /unreachable \(It was.*by hand/)
    expect(PwbCrm::Integration.ids).to eq([hook.id])
  end

  it "says so, too, where the integration is destroyed, or leads to another account" do
    receipt = PwbCrm.erase(person)
    PwbCrm::Delivery.update_all(error_kind: "remote")
    desk.update!(config: { subdomain: "another", access_token: "zendesk-token" })
    hook.destroy!
    expect(outcomes(receipt).slice("zendesk message", "zendesk contact", "custom contact").values.uniq)
      .to eq(%w[unreachable])
    expect(reasons(receipt)).to include(desk.id => /another account.*by hand/, hook.id => /disconnected.*by hand/)
    all_due
    expect { drain(desk) }.not_to(change { zendesk.requests.size })
    expect(rows("contact", desk).last).to have_attributes(state: "skipped", error_kind: nil,
                                                          error_message: /contact \d+: It leads to/)
    drain(crm)
    expect(receipt.reload).to have_attributes(state: "incomplete")
  end

  it "keeps to that, whatever a worker is still told, or a replay" do
    receipt = PwbCrm.erase(person)
    stop = StopAt.new(/INSERT INTO .*sync_logs/) do
      PwbCrm::Integration.find(desk.id).update!(config: { subdomain: "another", access_token: "zendesk-token" })
    end
    all_due
    stop.run { drain(desk) }
    drain_all
    drain_all
    expect(outcomes(receipt)).to include("zendesk message" => "unreachable", "zendesk contact" => "unreachable")
    expect([PwbCrm::Delivery.waiting.count, receipt.state]).to eq([0, "incomplete"])
  end

  it "hears of it where another one has asked for the same since, and the later one, too" do
    first = PwbCrm.erase(enquiry)
    second = PwbCrm.erase(person)
    third = PwbCrm.erase(person, by: "Bo")
    expect(PwbCrm::Delivery.waiting.distinct.pluck(:receipt_id)).to eq([third.id])
    drain_all
    expect([first, second, third].map { |one| one.reload.state }).to eq(%w[complete] * 3)
    expect([first, second, third].map { |one| one.entries.size }).to eq([3, 6, 6])
  end

  it "hears of it where the same is asked for again after a dead letter" do
    zoho.fail_next(1, status: 400, only: ->(request) { request.delete? && request.path.include?("Contacts") })
    first = PwbCrm.erase(person)
    drain_all
    expect(first.reload.state).to eq("incomplete")
    second = PwbCrm.erase(person)
    drain_all
    expect([first, second].map { |one| one.reload.state }).to eq(%w[complete complete])
  end

  it "hears of the worker that died in the last attempt, and of the replay" do
    receipt = PwbCrm.erase(person)
    all_due
    lease = PwbCrm::Lease.acquire(crm.id)
    PwbCrm::Delivery.claim(lease, limit: 10)
    lease.release
    PwbCrm::Delivery.in_flight.update_all(attempts: PwbCrm.config.max_attempts)
    drain_all
    expect(outcomes(receipt)).to include("zoho_crm message" => "failed")
    expect(receipt.entries.find { |one| one["outcome"] == "failed" }["reason"]).to match(/its worker died/)
    PwbCrm::Delivery.replay
    drain_all
    expect(receipt.reload.state).to eq("complete")
  end

  it "loses nothing that two workers tell at the same time", :committed, :postgresql do
    receipt = PwbCrm.erase(person)
    all_due
    [crm, desk, hook].map { |integration| Thread.new { drain(integration) } }.each { |thread| thread.join(30) }
    drain_all
    expect(outcomes(receipt).values.uniq).to eq(%w[erased])
  end

  it "tells since when it is complete, and what a remote had of what nobody knew to be there" do
    person.update!(last_name: "Ruiz-Dobson")
    PwbCrm::Link.where(integration: hook).delete_all
    receipt = PwbCrm.erase(person)
    drain_all
    expect(receipt.reload.to_s).to match(/is complete since #{Date.current.year}-\d\d-\d\d \d\d:\d\d UTC\.$/)
  end

  it "says what may be there although nobody knows it to be" do
    someone = contact(site, primary_email: "lost@example.com")
    zoho.fail_next(1, reset: :after, only: ->(request) { request.post? })
    drain(crm)
    expect([rows("contact", crm).last, zoho.records("Contacts").size]).to match([have_attributes(doubt: true), 2])
    receipt = PwbCrm.erase(someone)
    drain_all
    expect(outcomes(receipt)).to eq("zoho_crm contact" => "refused", "zendesk contact" => "nothing",
                                    "custom contact" => "nothing")
    expect(receipt).to have_attributes(state: "incomplete", completed_at: nil,
                                       to_s: /contact #{someone.id}, Contacts: refused \(it may be.*by hand/)
  end

  it "knows from a log that was kept what cannot be reached any more, and where it is" do
    place = crm.links.find_by(record_type: "contact").external_id
    message(site, contact: person).then { drain_all && PwbCrm.erase(_1) && drain_all }
    crm.disconnect!(audit: :keep)
    2.times { PwbCrm::IntegrationRemovalJob.perform_now(crm.id) }
    expect([crm.links.count, crm.deliveries.count]).to eq([0, 0])
    receipt = PwbCrm.erase(person)
    drain_all
    expect(outcomes(receipt)).to include("zoho_crm message" => "unreachable", "zoho_crm contact" => "unreachable")
    expect(receipt.entries.count { |one| one["platform"] == "zoho_crm" }).to eq(2)
    expect(receipt).to have_attributes(state: "incomplete", to_s: /Contacts #{place}: unreachable \(.*by hand/)
  end
end
