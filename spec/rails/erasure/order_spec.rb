# frozen_string_literal: true

require "rails_helper"

# A user who has open tickets is not deleted, and what is under way when somebody is erased must not bring them back.
RSpec.describe "the order in which a record is erased" do
  include_context "with a person to erase"

  def erased? = held.values.sum.zero?

  it "is the enquiries first, though they are due later or were noted later" do
    person.update!(last_name: "Ruiz-Dobson")
    enquiry.update!(content: "And now?")
    receipt = PwbCrm.erase(person)
    rows("message", desk).last.update!(run_at: 1.hour.from_now)
    rows("contact", desk).last.update!(run_at: 1.hour.ago)
    drain(desk)
    expect(deleted).to eq([])
    drain_all
    expect([deleted, erased?, receipt.reload.state]).to eq([%w[tickets users deleted_users], true, "complete"])
  end

  it "is the same where the limits of the account let people and tickets go in lanes of their own" do
    configure(keep_to_limits: true)
    2.times { PwbCrm::Integration.where(id: desk.id).update_all(settings: { user_writes_per_second: 100 }) }
    PwbCrm::Link.where(integration: desk).update_all(updated_at: 1.hour.ago)
    PwbCrm.erase(person)
    PwbCrm::Link.where(integration: desk).update_all(updated_at: 1.hour.ago)
    rows("message", desk).last.update!(run_at: 2.seconds.from_now)
    drain(desk)
    expect(deleted.first).not_to eq("users")
    all_due
    drain(desk)
    expect(deleted).to eq(%w[tickets users deleted_users])
  end

  it "is the same for what a resync had noted in bulk, even while it holds still" do
    enquiry.update_columns(content: "Another")
    run = PwbCrm.resync(desk, kinds: [:message])
    PwbCrm::IntegrationResyncJob.perform_now(run.id)
    expect(rows("message", desk).last).to have_attributes(bulk: true, state: "pending")
    run.pause!
    PwbCrm.erase(person)
    drain_all
    expect([deleted, erased?]).to eq([%w[tickets users deleted_users], true])
  end

  it "waits for an enquiry that is being sent, which would bring the person back" do
    enquiry.update!(content: "And now?")
    lease = PwbCrm::Lease.acquire(desk.id)
    under_way = PwbCrm::Delivery.claim(lease, limit: 10)
    expect(under_way.map(&:record_type)).to eq(%w[message])
    receipt = PwbCrm.erase(person)
    expect(PwbCrm::Delivery.claim(lease, limit: 10)).to be_empty
    lease.release
    drain_all
    drain_all
    expect([deleted.first(2), erased?, receipt.reload.state]).to eq([%w[tickets users], true, "complete"])
  end

  it "makes nothing anew of a contact whose change is being sent" do
    person.update!(last_name: "Ruiz-Dobson")
    receipt = nil
    stop = StopAt.new(/INSERT INTO .*sync_logs/) { receipt = PwbCrm.erase(person) }
    all_due
    stop.run { drain(crm) }
    drain_all
    drain_all
    expect([erased?, receipt.reload.state, zoho.records("Contacts")]).to eq([true, "complete", []])
  end

  it "keeps the mark of who is erased while their deletion is being sent" do
    crm.update!(settings: { "deletes" => "delete" })
    person.destroy!
    gone = { kind: "contact", id: person.id, website_id: site.id }
    stop = StopAt.new(/DELETE FROM .*links/) { PwbCrm.erase(**gone) }
    all_due
    stop.run { drain(crm) }
    expect(PwbCrm::Link.find_by(integration: crm, record_type: "contact", record_id: person.id.to_s).erased_at)
      .to be_present
    drain_all
    expect(PwbCrm::Receipt.sole.state).to eq("complete")
  end

  it "is what an explanation tells of it" do
    PwbCrm.erase(person)
    waiting = PwbCrm.explain(person, integration: desk)
    expect(waiting.verdict).to match(/waits for message #{enquiry.id}, which goes before it/)
    expect(PwbCrm.explain(enquiry, integration: desk).to_s).not_to include("waits for contact")
    all_due
    rows("message", desk).last.update!(state: "failed")
    expect(PwbCrm.explain(person, integration: desk).verdict).not_to include("waits for message")
  end

  it "is not turned round by a save of the enquiry meanwhile" do
    receipt = PwbCrm.erase(person)
    enquiry.update!(content: "And now?")
    expect(rows("message", desk).last).to have_attributes(action: "erase", receipt_id: receipt.id, bulk: false)
    drain_all
    expect([deleted, erased?, receipt.reload.state]).to eq([%w[tickets users deleted_users], true, "complete"])
  end

  it "goes on with the person where an enquiry cannot be erased" do
    zoho.fail_next(1, status: 400, only: ->(request) { request.delete? && request.path.include?("Notes") })
    receipt = PwbCrm.erase(person)
    drain_all
    expect(outcomes(receipt)).to include("zoho_crm message" => "failed", "zoho_crm contact" => "erased")
  end

  it "finds a note that may have arrived, under the person who is erased after it" do
    fresh = message(site, contact: person, content: "From Ana Ruiz", origin_email: nil)
    PwbCrm::Lease.acquire(crm.id).then do |lease|
      zoho_rows = PwbCrm::Delivery.claim(lease, limit: 10)
      expect(zoho_rows.map(&:record_id)).to eq([fresh.id.to_s])
      batch = PwbCrm::Drain::Batch.new(crm, site, zoho_rows)
      PwbCrm::Drain::Push.new(crm, lease).call(zoho_rows.index_with { |one| batch.prepare(one) })
      lease.release
    end
    expect(zoho.records("Notes").size).to eq(2)
    PwbCrm.erase(person)
    drain_all
    drain_all
    expect(zoho.requests.count { |one| one.method == "DELETE" && one.path.include?("Notes") }).to eq(2)
    expect([zoho.records("Notes"), zoho.records("Contacts")]).to eq([[], []])
  end
end
