# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Delivery::Replayable do
  include_context "with dead letters"

  def counts(replayed: 0, superseded: 0, left: 0) = have_attributes(replayed:, superseded:, left:)

  describe "#replay!" do
    it "sends a dead letter again, with its attempts counted anew" do
      one = dead
      one.update!(attempts: 12)
      expect(one.replay!).to eq(:replayed)
      expect(one).to have_attributes(state: "pending", attempts: 0, error_code: nil, error_message: nil,
                                     settled_at: nil, next_attempt_at: be_within(5).of(Time.current))
      drain(crm)
      expect(one.reload).to have_attributes(state: "succeeded", attempts: 1, next_attempt_at: nil)
    end

    it "sends the record as it is now, under the event id of the first attempt" do
      record = contact(site)
      one = dead(record)
      record.update_column(:first_name, "Eva")
      one.replay!
      drain(crm)
      expect(remote.pushed.flatten.map { |work| work[:event_id] }.uniq).to eq([one.event_id])
      expect(remote.pushed.flatten.last[:record]).to include(first_name: "Eva")
    end

    it "keeps doubt, so that the remote is looked at first" do
      one = dead
      one.update!(doubt: true)
      one.replay!
      drain(crm)
      expect(remote.pushed.flatten.last).to include(doubt: true)
    end

    it "keeps what a deleted record held" do
      record = contact(site)
      drain(crm)
      record.destroy!
      dead(record).replay!
      drain(crm)
      expect(remote.pushed.flatten.last).to include(action: "delete", record: include(email: "ana@example.com"))
      expect(deliveries.last).to have_attributes(state: "succeeded", tombstone: be_blank)
    end

    it "gives way to a newer delivery of the record, which inherits the doubt" do
      record = contact(site)
      one = dead(record)
      one.update!(doubt: true)
      record.update!(first_name: "Eva")
      expect(one.replay!).to eq(:superseded)
      expect(states).to eq(%w[superseded pending])
      expect(deliveries.last).to have_attributes(doubt: true, attempts: 0)
    end

    it "gives way to a newer one that is in flight or dead" do
      record = contact(site)
      one = dead(record)
      record.update!(first_name: "Eva")
      two = dead(record)
      one.update!(doubt: true)
      expect(one.replay!).to eq(:superseded)
      expect(two.reload).to have_attributes(state: "failed", doubt: true)

      deliveries.first.update!(state: "failed")
      two.update!(state: "in_flight")
      expect(one.reload.replay!).to eq(:superseded)
    end

    it "releases what is held" do
      contact(site)
      deliveries.sole.update!(state: "held")
      expect(deliveries.sole.replay!).to eq(:replayed)
    end

    it "refuses what is no dead letter, says what it is, and changes nothing" do
      contact(site)
      one = deliveries.sole
      expect { one.replay! }.to raise_error(PwbCrm::ConfigurationError, /Delivery #{one.id} \(contact .*is pending/)
      drain(crm)
      expect { one.replay! }.to raise_error(PwbCrm::ConfigurationError, /is succeeded, so there is nothing to replay/)
      expect { one.discard! }.to raise_error(PwbCrm::ConfigurationError, /is succeeded, so there is nothing to discard/)
      expect(states).to eq(%w[succeeded])
    end
  end

  describe ".replay" do
    it "takes any selection, and leaves everything else in it alone" do
      people = Array.new(3) { contact(site) }
      dead(people.last)
      contact(site)
      expect(delivery.where(record_id: people.last(2).map(&:id)).replay).to counts(replayed: 2)
      expect(states).to eq(%w[failed pending pending pending])
      expect(delivery.where(id: [0, -1]).replay).to counts
      expect(delivery.none.replay).to counts
      expect(delivery.where(state: "succeeded").replay).to counts
    end

    it "takes what died since a time, of an integration, by its code" do
      dead.update!(settled_at: 1.hour.ago)
      expect(delivery.replay(since: 10.minutes.ago)).to counts
      expect(delivery.replay(integration: integration(website))).to counts
      expect(delivery.replay(code: "NO_SUCH_CODE")).to counts
      expect(delivery.replay(since: 2.hours.ago, integration: crm, code: "INVALID_DATA")).to counts(replayed: 1)
    end

    it "sends only the newest of a record's dead letters, in doubt if any of them is" do
      record = contact(site)
      dead(record).update!(doubt: true)
      2.times do |time|
        record.update!(first_name: "Eva #{time}")
        dead(record)
      end
      expect(delivery.dead.replay).to counts(replayed: 1, superseded: 2)
      expect(states).to eq(%w[superseded superseded pending])
      expect(deliveries.last.doubt).to be(true)
      drain(crm)
      expect(states).to eq(%w[superseded superseded succeeded])
    end

    it "works in chunks" do
      stub_const("PwbCrm::Delivery::Replay::CHUNK", 2)
      record = contact(site)
      dead(record)
      4.times { contact(site) }
      record.update!(first_name: "Eva")
      dead(record)
      expect(delivery.dead.replay).to counts(replayed: 5, superseded: 1)
    end

    it "does one by one what cannot be done together, because a host's commit came in between" do
      2.times { contact(site) }
      dead
      calls = 0
      allow(PwbCrm::Sql).to receive(:without_waiting).and_wrap_original do |original, &work|
        (calls += 1) == 1 ? original.call { work.call && raise(ActiveRecord::RecordNotUnique) } : original.call(&work)
      end
      expect(delivery.dead.replay).to counts(replayed: 3)
      expect(states).to eq(%w[pending pending pending])
    end

    it "keeps a message behind its contact" do
      enquiry = message(site, contact: contact(site))
      2.times { dead(enquiry) }
      delivery.dead.replay
      drain(crm)
      expect(remote.keys.last(2)).to eq(["contact #{enquiry.contact_id}", "message #{enquiry.id}"])
    end

    it "wakes each integration once, and none for nothing" do
      2.times { contact(site) }
      dead
      expect { delivery.dead.replay }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id).once
      expect { delivery.dead.replay }.not_to have_enqueued_job
    end

    it "does not let its conditions leak into a job that runs inline" do
      one = dead
      allow(PwbCrm::Wake).to receive(:after_commit) { |ids| ids.each { |id| PwbCrm::Conveyor.drain(id) } }
      delivery.dead.replay
      expect(one.reload.state).to eq("succeeded")
    end

    it "is undone with the transaction around it" do
      one = dead
      delivery.transaction do
        delivery.dead.replay
        raise ActiveRecord::Rollback
      end
      expect(one.reload.state).to eq("failed")
    end
  end

  describe "a host's open transaction", :committed, :postgresql do
    it "is not waited for: what it holds up stays a dead letter, the rest goes" do
      records = Array.new(3) { contact(site) }
      dead
      during_open_save(records.first, first_name: "Eva") do
        expect(delivery.dead.replay).to counts(replayed: 3, left: 1)
        expect { deliveries.first.replay! }.to raise_error(PwbCrm::ConflictError, /held by another transaction: try/)
      end
      expect(delivery.dead.replay).to counts(superseded: 1)
      expect(states).to eq(%w[superseded pending pending pending pending])
    end

    it "that has joined the newer row is not waited for either, and no doubt is lost" do
      record = contact(site)
      dead(record).update!(doubt: true)
      record.update!(first_name: "Eva")
      during_open_save(record, first_name: "Ida") do
        expect(delivery.dead.replay).to counts(left: 1)
      end
      delivery.dead.replay
      expect(states).to eq(%w[superseded pending])
      expect(deliveries.last.doubt).to be(true)
    end
  end
end
