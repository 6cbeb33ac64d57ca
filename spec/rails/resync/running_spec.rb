# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what a resync sends" do
  include_context "with resyncs"

  describe "running" do
    it "sends each record once, and tells how far it is" do
      people(5)
      run = PwbCrm.resync(crm)
      expect(run.progress).to include(state: "counting", total: 0, eta_seconds: nil)
      job.perform_now(run.id)
      expect(run.reload.progress).to include(state: "running", total: 5, noted: 5, delivered: 0, left: 5)
      expect(run_to_end(run, crm).progress).to include(state: "done", total: 5, delivered: 5, dead: 0, left: 0)
      expect(zoho.records("Contacts").size).to eq(5)
      expect(made(desk)).to eq({})
      expect(counts(crm)["contact"]).to include("create" => 0, "unchanged" => 5)
    end

    it "lets what people save go first" do
      people(3)
      run = PwbCrm.resync(hook)
      job.perform_now(run.id)
      fresh = contact(site, first_name: "Zoe")
      all_due
      drain(hook)
      expect(receiver.events.first.dig("data", "id").to_s).to eq(fresh.id.to_s)
    end

    it "does not send a second time what is saved meanwhile" do
      people(1)
      run = PwbCrm.resync(crm)
      job.perform_now(run.id)
      Pwb::Contact.first.update!(last_name: "Dobson")
      run_to_end(run, crm)
      expect(PwbCrm::Delivery.where(integration: crm).sole).to have_attributes(bulk: false, run_id: run.id)
    end

    it "leaves a pending delivery as it is" do
      saved = contact(site)
      before = PwbCrm::Delivery.where(integration: crm).sole.attributes
      run = PwbCrm.resync(crm)
      job.perform_now(run.id)
      expect(PwbCrm::Delivery.of_record("contact", saved.id).where(integration: crm).sole.attributes).to eq(before)
      expect(run_to_end(run, crm).progress).to include(state: "done", noted: 0, total: 0)
    end

    it "keeps only so many waiting" do
      stub_const("PwbCrm::Resync::Turn::SIZE", 2)
      stub_const("PwbCrm::Resync::Noting::ENOUGH", 4)
      people(9)
      run = PwbCrm.resync(crm)
      expect { job.perform_now(run.id) }.to have_enqueued_job(job).with(run.id, String).at(a_value > 3.seconds.from_now)
      expect(PwbCrm::Delivery.waiting.count).to eq(4)
      expect(run_to_end(run, crm).progress).to include(delivered: 9)
    end

    it "counts dead letters apart" do
      people(2)
      theirs = integration(site)
      ScriptedProvider.script = ->(work) { ScriptedProvider.failed(work, :validation, status: 400) }
      run = run_to_end(PwbCrm.resync(theirs), theirs)
      expect(run.progress).to include(state: "done", delivered: 0, dead: 2, left: 0)
    end

    it "does not wake for what only the switch keeps back" do
      people(1)
      run = PwbCrm.resync(crm)
      configure(enabled: false)
      expect { job.perform_now(run.id) }.not_to have_enqueued_job
      expect(run.reload.state).to eq("counting")
    end
  end

  describe "the sweep" do
    it "takes up what lost its job, and leaves the others" do
      run = PwbCrm.resync(crm)
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(run.id, String)
      run.beat
      expect { PwbCrm::Sweep.call }.not_to have_enqueued_job(job)
      pass(PwbCrm::Resync::LOST + 1)
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(run.id, String)
      run.pause!
      expect { PwbCrm::Sweep.call }.not_to have_enqueued_job(job)
    end

    it "does its work where there is no queue" do
      people(2)
      run = PwbCrm.resync(crm)
      3.times do
        PwbCrm::Sweep.drain
        pass(PwbCrm::Resync::LOST + 1)
      end
      expect(run.reload.progress).to include(state: "done", delivered: 2)
    end
  end

  describe "two jobs" do
    before { people(3) }

    # What is enqueued while the block runs, as arguments.
    def enqueued
      before = ActiveJob::Base.queue_adapter.enqueued_jobs.size
      yield
      ActiveJob::Base.queue_adapter.enqueued_jobs.drop(before).select { |one| one["job_class"] == job.name }
                     .pluck("arguments")
    end

    it "at one run become one: who comes second finds that somebody has been there, and ends" do
      run = nil
      first = enqueued { run = PwbCrm.resync(crm) }
      lost = enqueued { PwbCrm::Sweep.call }
      expect([first.size, lost]).to eq([1, first])
      later = enqueued { [*first, *lost].each { |arguments| job.perform_now(*arguments) } }
      expect(later.size).to eq(1)

      pass(PwbCrm::Resync::LOST + 1)
      again = enqueued { PwbCrm::Sweep.call }
      expect(enqueued { [*again, *later].each { |arguments| job.perform_now(*arguments) } }.size).to eq(1)
      expect(run.reload).to have_attributes(state: "running", noted: 3)
    end

    it "that meet in the middle of a turn go on as one, too" do
      run = PwbCrm.resync(crm)
      pulse = run.class.where(id: run.id).pick(run.class::PULSE)
      others = []
      stop = StopAt.new(/SET noted = noted/) { others = enqueued { job.perform_now(run.id) } }
      mine = enqueued { stop.run { job.perform_now(run.id, pulse) } } - others
      left = enqueued { [*others, *mine].each { |arguments| job.perform_now(*arguments) } }
      expect(left.size).to eq(1)
      expect([run.reload.noted, made(crm)]).to eq([3, { %w[contact pending] => 3 }])
    end

    it "of an older version, which knows of no such thing, are taken over" do
      run = PwbCrm.resync(crm)
      expect(enqueued { job.perform_now(run.id) }.size).to eq(1)
      expect(enqueued { job.perform_now(run.id, "another", "from a version to come") }).to be_empty
    end

    it "in processes without a queue do not both take a turn" do
      run = PwbCrm.resync(crm)
      turns = 0
      allow(PwbCrm::Conveyor::Tenant).to(receive(:new).and_wrap_original do |new, *given|
        turns += 1
        new.call(*given)
      end)
      stop = StopAt.new(/UPDATE .*runs.* SET .*beat_at/) { PwbCrm::Resync.work_off }
      stop.run { PwbCrm::Resync.work_off }
      expect([run.reload.noted, turns]).to eq([3, 1])
    end
  end
end
