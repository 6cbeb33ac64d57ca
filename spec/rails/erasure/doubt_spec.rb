# frozen_string_literal: true

require "rails_helper"

# An answer that was lost leaves it open whether there is something to erase, or whether it has been erased.
RSpec.describe "erasing what is in doubt" do
  include_context "with a person to erase"

  def entry(receipt, platform, kind)
    receipt.reload.entries.find { |one| one.values_at("platform", "record_type") == [platform, kind] }
  end

  def lose_answer(fake, &only) = fake.fail_next(1, reset: :after, only:)

  # A fake's request of this process can be read once more.
  def body_of(request) = request.body.read.tap { request.body.rewind }

  it "is erased where the system has it no longer, because the answer to an earlier attempt was lost" do
    [zoho, zendesk].each { |fake| lose_answer(fake, &:delete?) }
    receipt = PwbCrm.erase(person)
    3.times { drain_all }
    %w[zoho_crm zendesk].each do |platform|
      expect(entry(receipt, platform, "message")).to include("outcome" => "erased", "reason" => /attempt .* lost/)
    end
    expect([held.values, receipt.state]).to eq([[0, 0], "complete"])
  end

  it "is the same after a worker that died on the way" do
    receipt = PwbCrm.erase(enquiry)
    all_due
    lease = PwbCrm::Lease.acquire(crm.id)
    PwbCrm::Delivery.claim(lease, limit: 10)
    lease.release
    zoho.delete_record("Notes", crm.links.find_by(record_type: "message").external_id)
    2.times { drain_all }
    expect(entry(receipt, "zoho_crm", "message")).to include("outcome" => "erased", "reason" => /earlier attempt/)
  end

  it "is nothing where others have deleted it, whatever was in doubt before" do
    zoho.fail_next(1, reset: :after, only: :put?.to_proc)
    enquiry.update!(content: "And now?")
    drain_all
    zoho.delete_record("Notes", crm.links.find_by(record_type: "message").external_id)
    PwbCrm::Delivery.waiting.update_all(created_at: 1.minute.ago)
    receipt = PwbCrm.erase(enquiry)
    drain_all
    expect(entry(receipt, "zoho_crm", "message")).to include("outcome" => "nothing", "reason" => "it was not there")
  end

  describe "and was left out since" do
    let!(:problem) { ticket(site).tap { drain_all } }

    def notes = zoho.records("Notes").map { |one| one["Note_Content"].to_s }.grep(/Personal/)

    def in_doubt
      lose_answer(zoho) { |request| request.post? && body_of(request).include?("Personal") }
      yield.tap { drain_all }
    end

    it "finds a reply under its ticket, whether it is internal or destroyed since" do
      %i[internal destroyed].each do |how|
        reply = in_doubt { reply(problem, "Personal words, #{how}") }
        how == :internal ? reply.update!(internal_note: true) : reply.destroy!
        drain_all
        expect([rows("comment", crm).last, notes.size]).to match([have_attributes(state: "skipped", doubt: true), 1])
        receipt = PwbCrm.erase(kind: "comment", id: reply.id, website_id: site.id)
        drain_all
        expect([notes, entry(receipt, "zoho_crm", "comment")["outcome"]]).to eq([[], "erased"])
      end
    end

    it "finds an enquiry under its person" do
      asked = in_doubt { message(site, content: "Personal words", contact: person) }
      crm.update!(sync_messages: false)
      drain_all
      expect([rows("message", crm).last, notes.size]).to match([have_attributes(state: "skipped", doubt: true), 1])
      receipt = PwbCrm.erase(asked)
      drain_all
      expect([notes, entry(receipt, "zoho_crm", "message")["outcome"]]).to eq([[], "erased"])
    end

    it "finds a ticket by our name for it" do
      left = in_doubt { ticket(site, description: "Personal words") }
      crm.update!(sync_support_tickets: false)
      drain_all
      expect(rows("support_ticket", crm).last).to have_attributes(state: "skipped", doubt: true)
      receipt = PwbCrm.erase(left)
      expect { drain_all }.to change { zoho.records("Cases").size }.by(-1)
      expect(entry(receipt, "zoho_crm", "support_ticket")["outcome"]).to eq("erased")
    end
  end
end
