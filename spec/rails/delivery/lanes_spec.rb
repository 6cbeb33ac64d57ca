# frozen_string_literal: true

require "rails_helper"

# Two lanes: what people save goes before what was noted in bulk, as by a resync.
RSpec.describe PwbCrm::Delivery do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:lease) { PwbCrm::Lease.acquire(crm.id) }

  def note_in_bulk(records, **)
    rows = records.map { |one| PwbCrm::Outbox::Bulk::Row.new(one.id, one.website_id, one.try(:contact_id), nil) }
    PwbCrm::Outbox::Bulk.new(rows, kind: PwbCrm::Kinds.of(records.first), bulk: true, **).write
  end

  # Contacts of before the integration, noted in bulk.
  def old_contacts(count)
    described_class.where(record_id: (made = Array.new(count) { contact(site) }).map(&:id)).delete_all
    made.tap { note_in_bulk(made) }
  end

  def claim(limit: 100, **) = described_class.claim(lease, limit:, **)

  def claimed(...) = claim(...).map { |row| row.record_id.to_i }

  def row_of(record) = described_class.find_by!(record_type: PwbCrm::Kinds.of(record), record_id: record.id)

  it "tells through the lane's index, by its time, whether something fresh is late" do
    # What others have left of the table would be part of PostgreSQL's plan.
    described_class.connection.truncate(described_class.table_name) if PwbCrm::Sql.postgresql?
    contact(site)
    index = PwbCrm::Sql.postgresql? ? /Index Cond: .*run_at <= \(statement_timestamp/ : /INDEX .*deliver.*run_at<\?/
    expect(plan_of(/\ASELECT delivery.id, deliv/) { described_class.ready?(crm.id, since: 60) }).to match(index)
    described_class.update_all("run_at = #{PwbCrm::Sql.now(-30)}")
    expect([15, 60].map { |since| described_class.ready?(crm.id, since:) }).to eq([true, false])
  end

  describe "claiming" do
    it "takes what is fresh first, though it is younger, and fills up with bulk, in one statement" do
      old = old_contacts(3)
      fresh = contact(site)
      found = nil
      expect(statements_of { found = claimed(limit: 3) }.size).to eq(1 + 1) # and one that takes the lease
      expect(found).to eq([fresh, *old.first(2)].map(&:id))
      expect(claimed).to eq([old.last.id])
      expect(claimed).to be_empty
    end

    it "takes no bulk when it is filled with what is fresh" do
      old_contacts(2)
      fresh = Array.new(2) { contact(site) }
      expect(claimed(limit: 2)).to eq(fresh.map(&:id))
    end

    it "leaves out the bulk, or kinds, when asked to" do
      old_contacts(1)
      fresh = contact(site)
      enquiry = message(site)
      expect(claim(bulk: false, kinds: %w[message quote]).map(&:record_key)).to eq([["message", enquiry.id.to_s]])
      expect(claimed(bulk: false)).to eq([fresh.id])
      expect(claimed(kinds: [])).to be_empty
      expect(described_class.waiting.sole).to be_bulk
    end

    it "takes a single record whatever its lane" do
      old = old_contacts(2)
      expect(claimed(record: ["contact", old.last.id.to_s])).to eq([old.last.id])
    end

    it "tells when to look again by both lanes" do
      old_contacts(1)
      contact(site)
      described_class.where(bulk: true).update_all(run_at: 50.seconds.from_now)
      described_class.where(bulk: false).update_all(run_at: 90.seconds.from_now)
      expect(described_class.seconds_to_next(crm.id)).to be_within(5).of(50)
      expect(described_class.seconds_to_next(crm.id, bulk: false)).to be_within(5).of(90)
    end
  end

  describe "while the integration holds its bulk" do
    before do
      old_contacts(1)
      crm.update_columns(bulk_held: true)
    end

    it "neither takes it nor wakes for it" do
      expect(claimed).to be_empty
      expect(described_class.seconds_to_next(crm.id)).to be_nil
      lease.release
      expect(PwbCrm::Sweep.call).to be_empty
    end

    it "goes on with what is fresh, and with all of it afterwards" do
      fresh = contact(site)
      expect(claimed).to eq([fresh.id])
      crm.update_columns(bulk_held: false)
      expect(claimed.size).to eq(1)
    end
  end

  it "is woken for by the sweep" do
    old_contacts(1)
    expect(PwbCrm::Sweep.call).to eq([crm.id])
  end

  describe "noting" do
    it "makes fresh what is saved, keeps its place and says still of which run it is" do
      record = contact(site)
      described_class.delete_all
      note_in_bulk([record], run_id: 7)
      place = row_of(record).run_at
      expect(row_of(record)).to have_attributes(bulk: true, run_id: 7, receipt_id: nil)

      record.update!(first_name: "Eva")
      expect(row_of(record)).to have_attributes(bulk: false, run_id: 7, run_at: place)
    end

    it "makes no bulk of what is fresh" do
      record = contact(site)
      note_in_bulk([record], run_id: 7)
      expect(row_of(record)).to have_attributes(bulk: false, run_id: 7)
      record.update!(first_name: "Eva")
      expect(row_of(record)).to have_attributes(bulk: false, run_id: 7)
    end
  end

  describe ".promote" do
    it "brings forward what a fresh delivery depends on, and nothing else" do
      needed, other = old_contacts(2)
      enquiry = message(site, contact: needed)
      expect(described_class.promote(crm.id)).to eq(1)
      expect([needed, other].map { |record| row_of(record).bulk }).to eq([false, true])
      expect(claim(limit: 1).map(&:record_key)).to eq([["contact", needed.id.to_s]])
      described_class.in_flight.update_all(state: "succeeded")
      expect(claim(limit: 1).map(&:record_key)).to eq([["message", enquiry.id.to_s]])
    end

    it "leaves the bulk that waits for bulk, and other integrations'" do
      person = old_contacts(1).sole
      enquiry = message(site, contact: person)
      described_class.where(record_type: "message").delete_all
      note_in_bulk([enquiry])
      other = integration(site)
      note_in_bulk([person])
      expect([crm, other].map { |one| described_class.promote(one.id) }).to eq([0, 0])
    end

    it "is done by each drain, so that an enquiry is the next claim behind its contact" do
      old_contacts(3)
      person = old_contacts(1).sole
      enquiry = message(site, contact: person)
      configure(batch_size: 1)
      drain(crm)
      expect(ScriptedProvider.keys.first(2)).to eq(["contact #{person.id}", "message #{enquiry.id}"])
      expect(ScriptedProvider.keys.size).to eq(5)
    end
  end
end
