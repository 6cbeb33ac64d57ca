# frozen_string_literal: true

require "rails_helper"

# Writes without callbacks beside a reconcile, on connections of their own.
RSpec.describe PwbCrm::Reconcile, :committed do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def reconcile = described_class.new(crm.id).call

  # What the remote holds: record id to name.
  def deliver
    all_due
    drain(crm)
    PwbCrm::Delivery.waiting.none?
  end

  def held = remote.pushed.flatten.each_with_object({}) { |work, all| hold(work, all) }

  def hold(work, all)
    id = work[:record][:id].to_s
    work[:action] == "delete" ? all.delete(id) : all[id] = work[:record][:first_name]
  end

  # Writes in a transaction that stays open while the block runs, though not for ever.
  def during(write, undo: false)
    written = Queue.new
    done = Queue.new
    host = Thread.new { in_transaction(undo) { [written << write.call, @open = done.pop(timeout: 4)] } }
    written.pop
    yield
  ensure
    done << true
    host&.join
  end

  def in_transaction(undo)
    Pwb::Contact.transaction do
      yield
      raise ActiveRecord::Rollback if undo
    end
  end

  def change(record, name)
    -> { Pwb::Contact.where(id: record).update_all(first_name: name, updated_at: Time.current) }
  end

  describe "on PostgreSQL", :postgresql do
    it "finds a change whose transaction began before a run and was committed after it" do
      record = contact(site)
      deliver
      during(change(record, "Late")) { expect(reconcile).to eq(0) }
      expect(crm.reload.reconciled_at).to be > record.reload.updated_at
      expect(reconcile).to eq(1)
    end

    it "finds it even if an earlier change of the same record was found and delivered in between" do
      record = contact(site)
      deliver
      change(record, "Early").call
      during(change(record, "Late")) do
        expect(reconcile).to eq(1)
        deliver
      end
      expect(reconcile).to eq(1)
      deliver
      expect(held[record.id.to_s]).to eq("Late")
    end

    it "finds what an import wrote in a transaction that began before a save that was delivered meanwhile" do
      record = contact(site)
      deliver
      began = Queue.new
      go_on = Queue.new
      import = Thread.new do
        Pwb::Contact.transaction do
          began << Pwb::Contact.lease_connection.select_value("SELECT now()")
          go_on.pop
          Pwb::Contact.upsert_all([{ id: record.id, website_id: site.id, first_name: "Imported" }])
        end
      end
      began.pop
      record.update!(first_name: "Saved")
      deliver
      go_on << true
      import.join

      expect(record.reload.updated_at).to be < PwbCrm::Delivery.maximum(:occurred_at)
      expect(reconcile).to eq(1)
    end

    it "waits for no host, leaves what one is noting, and comes back to it although the host rolls back" do
      ids = Array.new(20) { contact(site).id }
      deliver
      Pwb::Contact.where(id: ids).update_all(first_name: "Bulk", updated_at: Time.current)
      during(-> { Pwb::Contact.find(ids[7]).update!(last_name: "Undone") }, undo: true) do
        expect([reconcile, crm.reload.reconciled_at]).to eq([19, nil])
      end
      expect([@open, reconcile, crm.reload.reconciled_at]).to match([true, 1, be_present])
      deliver
      expect(held.values.uniq).to eq(["Bulk"])
    end
  end

  it "may run twice at once: each record is noted once" do
    Pwb::Contact.insert_all(Array.new(300) { { website_id: site.id, first_name: "Ana" } })
    counts = Array.new(2) { Thread.new { Rails.application.executor.wrap { reconcile } } }.map(&:value)
    expect(PwbCrm::Delivery.waiting.count).to eq(300)
    expect(counts.sum).to eq(300)
    reconcile
    expect(crm.reload.reconciled_at).to be_present
  end

  [11, 22, 33].each do |seed|
    it "brings every change of a random mix to the remote in its last state (seed #{seed})" do
      host = Bypasses.new(site, seed)
      60.times do |round|
        host.step
        deliver if (round % 4).zero?
        reconcile if (round % 7).zero?
      end
      2.times { reconcile && deliver }

      expect(held).to eq(Pwb::Contact.all.to_h { |record| [record.id.to_s, record.first_name] })
      expect(reconcile).to eq(0)
    end
  end
end
