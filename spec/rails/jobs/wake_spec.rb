# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Wake do
  include ActiveJob::TestHelper

  let(:site) { website }
  let(:job) { PwbCrm::IntegrationSyncJob }

  def with_adapter(adapter)
    before = job.queue_adapter
    job.queue_adapter = adapter
    yield
  ensure
    job.queue_adapter = before
  end

  # An adapter that has a lambda enqueue the job, with the time it is for.
  def adapter(name, enqueue)
    Class.new do
      define_singleton_method(:name) { "#{name}Adapter" }
      define_method(:enqueue_at, &enqueue)
      define_method(:enqueue) { |job| enqueue_at(job, nil) }
      define_method(:enqueue_after_transaction_commit?) { false }
    end.new
  end

  # The plan's own spec.
  it "syncs a new contact to all active integrations" do
    integration(site, "zoho_crm", active: true)
    integration(site, "zendesk", active: true)
    expect { contact(site) }.to have_enqueued_job(job).twice
  end

  it "waits for the settle time" do
    configure(settle_time: 5)
    crm = integration(site)
    freeze_time { expect { contact(site) }.to have_enqueued_job(job).with(crm.id).at(5.seconds.from_now) }
  end

  it "enqueues one job for each integration and transaction" do
    integration(site)
    expect do
      Pwb::Contact.transaction do
        record = contact(site)
        Pwb::Contact.transaction(requires_new: true) { message(site, contact: record) }
        record.update!(first_name: "Eva")
      end
    end.to have_enqueued_job(job).once
  end

  it "enqueues nothing before the outermost transaction is committed, and nothing for a rollback" do
    integration(site)
    expect do
      Pwb::Contact.transaction do
        contact(site)
        expect(enqueued_jobs).to be_empty
        raise ActiveRecord::Rollback
      end
    end.not_to have_enqueued_job(job)
  end

  it "forgets the wakes of a rollback, so that they do not come with the next commit" do
    integration(site)
    other = integration(neighbour = website)
    Pwb::Contact.transaction do
      contact(site)
      raise ActiveRecord::Rollback
    end
    expect { contact(neighbour) }.to have_enqueued_job(job).once.and have_enqueued_job(job).with(other.id)
  end

  it "enqueues nothing while the kill switch is thrown, and keeps the rows" do
    integration(site)
    configure(enabled: false)
    expect { contact(site) }.not_to have_enqueued_job(job)
    expect(PwbCrm::Delivery.waiting.count).to eq(1)
  end

  describe "a queue that is down" do
    before { integration(site) }

    it "costs the host nothing" do
      with_adapter(adapter("Broken", ->(*) { raise IOError, "no queue" })) { expect(contact(site)).to be_persisted }
      expect(PwbCrm::Delivery.waiting.count).to eq(1)
    end

    it "may say so with an error that is no StandardError" do
      configure(settle_time: 5)
      with_adapter(adapter("Waitless", ->(_job, at) { raise NotImplementedError if at })) do
        expect(contact(site)).to be_persisted
      end
    end
  end

  describe "the inline adapter" do
    it "delivers within the save, without waiting" do
      configure(settle_time: 5)
      integration(site)
      with_adapter(:inline) { contact(site) }
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end

    it "delivers after the outermost transaction, the last state only" do
      integration(site)
      with_adapter(:inline) do
        Pwb::Contact.transaction do
          record = contact(site)
          Pwb::Contact.transaction(requires_new: true) { record.update!(first_name: "Eva") }
          expect(ScriptedProvider.pushed).to be_empty
        end
      end
      expect(ScriptedProvider.pushed.flatten.map { |work| work[:record][:first_name] }).to eq(["Eva"])
    end

    it "keeps what goes wrong in the delivery out of the save, and what did not work out in line" do
      crm = integration(site)
      ScriptedProvider.script = ->(work) { ScriptedProvider.failed(work, :remote, status: 500) }
      with_adapter(:inline) { expect(contact(site)).to be_persisted }
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 1)
      allow(PwbCrm::Drain).to receive(:new).and_raise(IOError)
      all_due
      with_adapter(:inline) { expect(contact(site)).to be_persisted }
      expect(crm.reload.leased_until).to be_nil
    end
  end

  # Rails' own adapter, its own threads.
  describe "the async adapter", :committed do
    it "delivers soon after the save" do
      configure(settle_time: 0.1)
      integration(site)
      queue = ActiveJob::QueueAdapters::AsyncAdapter.new(min_threads: 1, max_threads: 3)
      with_adapter(queue) do
        10.times { contact(site) }
        wait_until_delivered
      end
      expect(PwbCrm::Delivery.pluck(:state, :attempts).tally).to eq(["succeeded", 1] => 10)
    ensure
      queue.shutdown
    end
  end

  describe "a burst" do
    let!(:crm) { integration(site) }
    let(:woken) { [] }
    # As Sidekiq, Solid Queue and the async adapter do, it gives a job an id.
    let(:queue) do
      ids = woken
      adapter("Counting", ->(one, _at) { one.provider_job_id = ids.push(one.arguments.first).size.to_s })
    end

    before { configure(settle_time: 5) }

    it "is throttled, by a job that is still to come" do
      with_adapter(queue) { 30.times { contact(site) } }

      expect(woken).to eq([crm.id])
      expect(PwbCrm::Delivery.waiting.count).to eq(30)
    end

    it "is not throttled by jobs that no queue took" do
      broken = adapter("Broken", ->(*) { raise IOError, "no queue" })
      with_adapter(broken) { 15.times { contact(site) } }
      PwbCrm::Wake::Breaker.reset
      with_adapter(queue) { 2.times { contact(site) } }
      expect(woken).to eq([crm.id])
    end

    it "wakes each integration of a website, in one trip" do
      other = integration(site)
      trips = []
      queue.define_singleton_method(:enqueue_all) do |jobs|
        jobs.each { |one| (one.provider_job_id = "7") && one.successfully_enqueued = true }
        trips << jobs.map { |one| [one.arguments.first, one.scheduled_at.nil?] }
      end
      with_adapter(queue) { 3.times { contact(site) } }
      expect(trips).to eq([[[crm.id, false], [other.id, false]]])
    end

    it "of several integrations does not take a queue that cannot wait for a dead one" do
      integration(site)
      with_adapter(adapter("Impatient", ->(*) { raise NotImplementedError })) { contact(site) }
      with_adapter(queue) { contact(site) }
      expect(woken.size).to eq(2)
    end

    it "of several integrations does not reach the host when the queue takes none, or cannot wait" do
      integration(site)
      [IOError, NotImplementedError].each do |error|
        with_adapter(adapter("Broken", ->(*) { raise error, "no" })) { expect(contact(site)).to be_persisted }
      end
      expect(PwbCrm::Delivery.waiting.count).to eq(4)
    end

    it "is not throttled by jobs that a spec only looks at" do
      expect { 30.times { contact(site) } }.to have_enqueued_job(job).exactly(30).times
    end
  end

  describe "#look_again" do
    it "enqueues the next drain for when the next delivery is due, once" do
      crm = integration(site)
      contact(site)
      PwbCrm::Delivery.update_all(run_at: 10.minutes.from_now)

      expect { 2.times { PwbCrm::Conveyor.look_again(crm.id) } }
        .to have_enqueued_job(job).with(crm.id).once.at(be_within(5.seconds).of(10.minutes.from_now))
    end

    it "enqueues another one for something that is due earlier" do
      crm = integration(site)
      contact(site)
      PwbCrm::Delivery.update_all(run_at: 10.minutes.from_now)
      PwbCrm::Conveyor.look_again(crm.id)
      PwbCrm::Delivery.update_all(run_at: 1.minute.from_now)

      expect { PwbCrm::Conveyor.look_again(crm.id) }.to have_enqueued_job(job)
    end
  end
end
