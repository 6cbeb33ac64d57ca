# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what people do with a resync" do
  include_context "with resyncs"

  describe "steering" do
    let(:run) { PwbCrm.resync(crm) }

    before do
      people(4)
      run
      job.perform_now(run.id)
    end

    it "pauses at once what is noted and not sent yet, and resumes it" do
      run.pause!
      all_due
      drain(crm)
      expect([zoho.requests.size, run.state, crm.reload.bulk_held]).to eq([0, "paused", true])
      contact(site, primary_email: "zoe@example.com")
      all_due
      drain(crm)
      expect(zoho.records("Contacts").size).to eq(1)

      expect { run.resume! }.to have_enqueued_job(job).with(run.id, String)
      expect(run_to_end(run, crm).progress).to include(state: "done", delivered: 4)
      expect(crm.reload.bulk_held).to be(false)
    end

    it "cancels what is not on its way yet, but nothing that was saved since" do
      saved = Pwb::Contact.last
      saved.update!(last_name: "Dobson")
      run.cancel!
      expect(made(crm)).to eq(%w[contact skipped] => 3, %w[contact pending] => 1)
      expect(PwbCrm::Delivery.where(state: "skipped").pluck(:error_code, :record_updated_at).uniq)
        .to eq([["cancelled", nil]])
      expect(run.progress).to include(state: "cancelled", noted: 1, total: 1)
      all_due
      drain(crm)
      expect(zoho.records("Contacts").map { |one| one["Last_Name"] }).to eq(["Dobson"])
      expect(run.reload.progress).to include(delivered: 1, left: 0)
    end

    it "cancels nothing that was tracked since, in bulk as it is" do
      others = Pwb::Contact.order(:id).offset(1)
      PwbCrm.track(others)
      expect(run.reload.progress).to include(state: "running", noted: 4, delivered: 3, left: 1)
      run.cancel!
      expect(made(crm)).to eq(%w[contact skipped] => 1, %w[contact pending] => 3)
      expect(run.progress).to include(state: "cancelled", noted: 3, delivered: 3, left: 0)
      all_due
      drain(crm)
      expect(zoho.records("Contacts").size).to eq(3)
    end

    it "ends though what was tracked since is on its way still" do
      PwbCrm.track(Pwb::Contact.all)
      3.times { job.perform_now(run.id) }
      expect(run.reload.progress).to include(state: "done", noted: 4, delivered: 4, left: 0)
      expect(crm.deliveries.waiting.where(bulk: true).count).to eq(4)
    end

    it "leaves nothing of why the last attempt failed" do
      PwbCrm::Delivery.update_all(error_code: "http_503", error_kind: "remote", error_message: "It failed.")
      run.cancel!
      expect(PwbCrm::Delivery.distinct.pluck(:error_code, :error_kind)).to eq([["cancelled", nil]])
    end

    it "leaves what it took back with a word of how to send it after all" do
      run.cancel!
      expect(PwbCrm.explain(Pwb::Contact.first, integration: crm.reload).verdict)
        .to include("its resync was cancelled.", "change the record or resync to send it after all.")
    end

    it "notes nothing more once it is paused, though a job is just writing" do
      run.cancel!
      other = PwbCrm.resync(crm, start: false)
      job.perform_now(other.id)
      other.start!
      people(1, primary_email: "late@example.com")
      stop = StopAt.new(/UPDATE .*runs.* SET "cursor"/) { PwbCrm::Resync.find(other.id).pause! }
      before = PwbCrm::Delivery.count
      stop.run { job.perform_now(other.id) }
      expect([PwbCrm::Delivery.count - before, other.reload.state, other.noted]).to eq([0, "paused", 0])
    end

    it "refuses what does not go" do
      expect { run.start! }.to raise_error(PwbCrm::ConfigurationError, /is running, so it cannot be started/)
      expect { run.resume! }.to raise_error(PwbCrm::ConfigurationError, /cannot be resumed/)
      run.cancel!
      expect { run.cancel! }.to raise_error(PwbCrm::ConfigurationError, /is cancelled, so it cannot be cancelled/)
      expect { run.pause! }.to raise_error(PwbCrm::ConfigurationError, /cannot be paused/)
    end
  end

  describe "asking for it" do
    it "is refused while another one is open, and afterwards it is not" do
      first = PwbCrm.resync(crm, start: false)
      expect { PwbCrm.resync(crm) }.to raise_error(PwbCrm::ConfigurationError, /resync #{first.id} is counting/)
      expect(PwbCrm.resync(desk).state).to eq("counting")
      first.cancel!
      expect(PwbCrm.resync(crm, by: "Ana").started_by).to eq("Ana")
    end

    it "is refused for what cannot be sent, and for a kind that there is not" do
      expect { PwbCrm.resync(crm, kinds: %w[contact house]) }.to raise_error(PwbCrm::ConfigurationError, /kind house/)
      crm.update!(active: false)
      expect { PwbCrm.resync(crm) }.to raise_error(PwbCrm::ConfigurationError, /cannot be resynced.*switched off/)
      expect(PwbCrm::Resync.count).to eq(0)
    end

    it "ends as failed where no client can be made, and says why" do
      run = PwbCrm.resync(hook)
      hook.update_columns(webhook_url: "ftp://hooks.example.com")
      people(1)
      job.perform_now(run.id)
      expect(run.reload).to have_attributes(state: "failed", reason: be_present, finished_at: be_present)
    end

    it "tells who listens" do
      events = []
      ActiveSupport::Notifications.subscribed(->(event) { events << event.payload }, "resync.pwb_crm") do
        people(2)
        run = PwbCrm.resync(crm)
        run_to_end(run, crm)
      end
      expect(events.map { |one| one.values_at(:integration_id, :state, :noted, :total) })
        .to eq([[crm.id, "counting", 0, 0], [crm.id, "running", 0, 2], [crm.id, "done", 2, 2]])
    end
  end

  describe "the task" do
    it "counts, starts, tells and steers" do
      people(2)
      expect { rake("resync", INTEGRATION: crm.id, COUNT: 1) }
        .to output(/is counted: 0 of 2 delivered.*contact: 2 to create, 0 to update, 0 unchanged/m).to_stdout
      run = crm.resyncs.sole
      expect { rake("resync", RUN: run.id, DO: "start") }.to output(/is running/).to_stdout
      expect { rake("resync", RUN: run.id, DO: "cancel") }.to output(/is cancelled/).to_stdout
      expect { rake("resync", INTEGRATION: crm.id, KINDS: "contact") }.to output(/is running/).to_stdout
    end

    { "is left out" => [{ skip_website: ->(_) { true } }, /is counting\. .*skip_website leaves out website/],
      "cannot be worked for" => [{ around_job: ->(*) { raise "no" } }, /is counting\. .*around_job raised Run/],
      "may be sent nothing" => [{ enabled: false }, /is counting\. .*switched off/] }.each do |what, (settings, why)|
      it "ends where the website #{what}, and says why" do
        configure(**settings)
        turns(20)
        expect { rake("resync", INTEGRATION: crm.id) }.to output(match(why).and(match(/DO=start/))).to_stdout
        expect(crm.resyncs.sole.state).to eq("counting")
      end
    end

    # At most.
    def turns(most)
      taken = 0
      allow(PwbCrm::Resync::Turn).to receive(:new).and_wrap_original do |new, *args|
        (taken += 1) > most ? raise(NotImplementedError, "it spins") : new.call(*args)
      end
    end

    it "goes on counting with whoever else is at it" do
      stub_const("PwbCrm::Resync::Turn::SIZE", 1)
      people(3)
      both = StopAt.new(/UPDATE "pwb_integration_runs" SET "cursor"/) { job.perform_now(crm.resyncs.sole.id) }
      both.run { expect { rake("resync", INTEGRATION: crm.id) }.to output(/is running: 0 of 3 /).to_stdout }
    end

    it "says what is missing" do
      { {} => /INTEGRATION=3/, { RUN: 0 } => /no resync 0/, { INTEGRATION: crm.id, SINCE: "noon" } => /is no time/ }
        .each { |env, words| expect { rake("resync", **env) }.to raise_error(PwbCrm::ConfigurationError, words) }
    end
  end
end
