# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Resync do
  include_context "with remotes"

  let(:job) { PwbCrm::IntegrationResyncJob }

  # Without callbacks, as if they had been there before.
  def before_connecting(model, rows) = model.insert_all(rows.map { |row| { website_id: site.id, **row } })

  def people(count, **attributes)
    before_connecting(Pwb::Contact, Array.new(count) do |number|
      { first_name: "P#{number}", last_name: "Ruiz", primary_email: "p#{number}@example.com", **attributes }
    end)
  end

  # Turn by turn, with what each leaves waiting delivered, until it ends.
  def run_to_end(run, integration)
    40.times do
      job.perform_now(run.id)
      all_due
      drain(integration)
      return run.reload if run.reload.finished?
    end
    raise "resync #{run.id} does not end: #{run.progress}"
  end

  def counts(integration, **) = PwbCrm.resync(integration, start: false, **).tap { |run| count(run) }.reload.counts

  def count(run) = job.perform_now(run.id)

  def made(integration) = PwbCrm::Delivery.where(integration:).group(:record_type, :state).count

  describe "counting" do
    it "tells for each system what then happens, without a request" do
      people(7)
      people(2, primary_email: nil, first_name: nil, last_name: nil)
      before_connecting(Pwb::Message, Array.new(3) { |n| { title: "T#{n}", content: "Is it free?" } })
      contact(site, primary_email: "known@example.com")
      drain_all

      [crm, desk, hook].each do |integration|
        told = nil
        expect { told = counts(integration) }.not_to(change { requests.values.sum })
        before = PwbCrm::Delivery.maximum(:id)
        run = run_to_end(integration.resyncs.sole.start!, integration)
        expect(sent_after(before)).to eq(told.transform_values { |one| one["create"] }.select { |_, n| n.positive? })
        expect(run.progress).to include(delivered: told.values.sum { |one| one["create"] }, dead: 0, left: 0)
        expect(told.values.sum { |one| one.values_at("create", "unchanged").sum + one["cannot"].values.sum }).to eq(13)
        expect(told["contact"]).to include("unchanged" => 1, "update" => 0)
      end
    end

    def sent_after(id)
      sent = PwbCrm::Delivery.where(id: (id + 1)..)
      expect(sent.distinct.pluck(:state)).to eq(%w[succeeded])
      PwbCrm::SyncLog.where(delivery_id: sent, success: true).group(:record_type).count
    end

    it "says why what cannot be sent cannot" do
      people(3)
      configure(skip_record: ->(record) { record.first_name == "P0" })
      crm.update!(sync_messages: false)
      before_connecting(Pwb::Message, [{ title: "T", content: "x" }])
      told = counts(crm)
      expect(told["contact"]).to include("create" => 2, "cannot" => { "it is left out" => 1 })
      expect(told["message"]["cannot"]).to eq("it is of a kind that is switched off here" => 1)
    end

    it "tells what differs from what is unchanged" do
      2.times { |number| contact(site, primary_email: "c#{number}@example.com") }
      drain_all
      Pwb::Contact.first.update_columns(last_name: "Dobson")
      expect(counts(crm)["contact"]).to eq("create" => 0, "update" => 1, "unchanged" => 1, "cannot" => {})
    end

    it "takes only what changed since, and only the kinds that are wanted" do
      people(2, updated_at: 1.year.ago)
      people(3)
      before_connecting(Pwb::Message, [{ title: "T", content: "x" }])
      expect(counts(crm, since: 1.day.ago, kinds: [:contact])).to match("contact" => include("create" => 3))
    end

    it "goes on where a job stopped, and counts nothing twice" do
      stub_const("PwbCrm::Resync::Turn::SIZE", 2)
      configure(drain_budget: 0.000001)
      people(5)
      run = PwbCrm.resync(crm, start: false)
      expect { 30.times { count(run) } }.to have_enqueued_job(job).with(run.id).at_least(3).times
      expect(run.reload).to have_attributes(state: "counted", counts: include("contact" => include("create" => 5)))
    end

    it "needs no request for a provider with a push of its own either" do
      theirs = integration(site)
      people(2)
      expect(counts(theirs)["contact"]).to include("create" => 2, "update" => 0)
      expect(ScriptedProvider.pushed).to be_empty
    end
  end

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
      expect { job.perform_now(run.id) }.to have_enqueued_job(job).with(run.id).at(a_value > 3.seconds.from_now)
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

      expect { run.resume! }.to have_enqueued_job(job).with(run.id)
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

    it "notes nothing more once it is paused, though a job is just writing" do
      run.cancel!
      other = PwbCrm.resync(crm, start: false)
      job.perform_now(other.id)
      other.start!
      people(1, primary_email: "late@example.com")
      stop = StopAt.new(/UPDATE .*runs.* SET "cursor"/) { described_class.find(other.id).pause! }
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
      expect(described_class.count).to eq(0)
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

  describe "the sweep" do
    it "takes up what lost its job, and leaves the others" do
      run = PwbCrm.resync(crm)
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(run.id)
      run.beat
      expect { PwbCrm::Sweep.call }.not_to have_enqueued_job(job)
      pass(PwbCrm::Resync::LOST + 1)
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(run.id)
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

    it "says what is missing" do
      { {} => /INTEGRATION=3/, { RUN: 0 } => /no resync 0/, { INTEGRATION: crm.id, SINCE: "noon" } => /is no time/ }
        .each { |env, words| expect { rake("resync", **env) }.to raise_error(PwbCrm::ConfigurationError, words) }
    end
  end
end
