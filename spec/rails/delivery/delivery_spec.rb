# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Delivery do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:lease) { PwbCrm::Lease.acquire(crm.id) }

  def claim(**) = described_class.claim(lease, limit: 100, **)

  def claimed = claim.map { |row| [row.record_type, row.record_id] }

  def finish(delivery, state, **) = described_class.finish([described_class::Ending.new(delivery:, state:, **)])

  describe ".claim" do
    it "takes what is due, oldest first, and counts the attempt" do
      2.times { contact(site) }
      later, sooner = described_class.order(:id).to_a
      sooner.update!(run_at: 2.minutes.ago)
      later.update!(run_at: 1.minute.ago)

      expect(claim).to match([have_attributes(id: sooner.id, state: "in_flight", attempts: 1, lease_token: lease.token),
                              have_attributes(id: later.id)])
      expect(claim).to be_empty
    end

    it "leaves what is not due, and what belongs to another integration" do
      contact(site)
      described_class.update_all(run_at: 1.minute.from_now)
      integration(neighbour = website)
      contact(neighbour)
      expect(claim).to be_empty
    end

    it "obeys its limit" do
      3.times { contact(site) }
      expect(described_class.claim(lease, limit: 2).size).to eq(2)
    end

    it "leaves kinds and actions that this version does not know" do
      2.times { contact(site) }
      described_class.first.update!(kind: "quote")
      described_class.last.update!(action: "merge")
      expect(claim).to be_empty
    end

    it "takes a message only after its contact" do
      record = contact(site)
      enquiry = message(site, contact: record)
      described_class.find_by!(record_type: "contact").update!(run_at: 1.minute.from_now)

      expect(claimed).to be_empty
      described_class.find_by!(record_type: "contact").update!(run_at: 1.minute.ago)
      expect(claimed).to eq([["contact", record.id.to_s]])
      expect(claimed).to be_empty
      described_class.in_flight.update_all(state: "succeeded")
      expect(claimed).to eq([["message", enquiry.id.to_s]])
    end

    it "does not let a dead letter block what depends on it" do
      enquiry = message(site, contact: contact(site))
      described_class.find_by!(record_type: "contact").update!(state: "failed")
      expect(claimed).to eq([["message", enquiry.id.to_s]])
    end

    it "leaves a record alone of which an earlier row is still in flight" do
      record = contact(site)
      claim
      record.update!(first_name: "Eva")
      expect(claim).to be_empty
    end

    it "takes a single record when asked to, due or not" do
      contact(site)
      record = contact(site)
      described_class.update_all(run_at: 1.hour.from_now)
      expect(claim(record: ["contact", record.id.to_s]).map(&:record_id)).to eq([record.id.to_s])
    end
  end

  describe ".finish, back in line," do
    let(:record) { contact(site) }
    let(:delivery) do
      record
      claim.sole
    end

    it "puts it back with its reasons" do
      finish(delivery, :pending, after: 60, doubt: true, code: "BAD_GATEWAY", message: "contact 1: 502")

      expect(delivery.reload).to have_attributes(state: "pending", doubt: true, attempts: 1, lease_token: nil,
                                                 error_code: "BAD_GATEWAY", error_message: "contact 1: 502")
      expect(delivery.run_at).to be_within(5).of(60.seconds.from_now)
    end

    it "steps back behind a newer row, which inherits attempts and doubt" do
      delivery.update!(attempts: 4)
      record.update!(first_name: "Eva")
      finish(delivery, :pending, doubt: true)

      expect(delivery.reload.state).to eq("superseded")
      expect(described_class.waiting.sole).to have_attributes(attempts: 4, doubt: true)
    end

    it "does not touch a row that somebody else has taken over" do
      delivery
      described_class.update_all(lease_token: 99)
      finish(delivery, :pending)
      expect(delivery.reload).to have_attributes(state: "in_flight", lease_token: 99)
    end
  end

  describe "a host's open transaction", :committed, :postgresql do
    it "does not hold up a claim" do
      held = contact(site)
      free = contact(site)
      lease
      during_open_save(held, first_name: "Eva") do
        expect(claimed).to eq([["contact", free.id.to_s]])
      end
      expect(claimed).to eq([["contact", held.id.to_s]])
    end

    it "with a newer row does not hold up a retry, which is then taken up again later" do
      record = contact(site)
      delivery = claim.sole
      during_open_save(record, first_name: "Eva") do
        finish(delivery, :pending)
        expect(delivery.reload.state).to eq("in_flight")
      end
      lease.release
      described_class.recover(PwbCrm::Lease.acquire(crm.id))
      expect(delivery.reload.state).to eq("superseded")
      expect(described_class.waiting.sole.doubt).to be(true)
    end
  end

  describe "a dead letter" do
    let!(:record) { contact(site) }

    def bury(state = :failed, **) = finish(claim.sole, state, **)

    it "of a delete keeps its tombstone until something later arrives" do
      bury(:succeeded)
      record.destroy!
      bury
      expect(described_class.dead.sole.tombstone).to include("email" => "ana@example.com")

      record.class.insert!(record.attributes)
      PwbCrm.track(record.class.find(record.id))
      described_class.supersede_dead(claim)
      expect(described_class.where(state: "superseded").sole.tombstone).to be_blank
    end

    it "that may have arrived leaves its doubt to the next delivery of the record" do
      bury(doubt: true)
      record.update!(first_name: "Eva")
      expect(claim.sole.doubt).to be(true)
    end

    it "that did not arrive leaves none, and neither does that of another record" do
      bury(doubt: false)
      contact(site)
      bury(doubt: true)
      record.update!(first_name: "Eva")
      expect(claim.sole.doubt).to be(false)
    end
  end

  describe ".recover" do
    it "puts what a dead worker left back in line, in doubt" do
      contact(site)
      claim
      lease.release
      expect(described_class.recover(PwbCrm::Lease.acquire(crm.id))).to eq(1)
      expect(described_class.sole).to have_attributes(state: "pending", doubt: true, attempts: 1)
    end

    it "leaves its own alone, and those of a later holder of whom it does not know yet" do
      contact(site)
      claim
      expect(described_class.recover(lease)).to eq(0)
      described_class.update_all(lease_token: lease.token + 1)
      expect(described_class.recover(lease)).to eq(0)
    end

    it "waits longer and longer for one that takes its worker down again and again" do
      contact(site)
      claim.sole.update!(attempts: 6)
      lease.release
      described_class.recover(PwbCrm::Lease.acquire(crm.id))
      expect(described_class.sole.run_at).to be_within(5).of(80.seconds.from_now)
    end

    it "makes a dead letter of one that takes its worker down each time" do
      contact(site)
      claim.sole.update!(attempts: 12)
      lease.release
      described_class.recover(PwbCrm::Lease.acquire(crm.id))
      expect(described_class.sole).to have_attributes(state: "failed", doubt: true,
                                                      error_message: /died in the last of 12 attempts/)
    end
  end

  describe ".seconds_to_next" do
    it "tells when to look again" do
      expect(described_class.seconds_to_next(crm.id)).to be_nil
      contact(site)
      described_class.update_all(run_at: 90.seconds.from_now)
      expect(described_class.seconds_to_next(crm.id)).to be_within(5).of(90)
    end
  end
end
