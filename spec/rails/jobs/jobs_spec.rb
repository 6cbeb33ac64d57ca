# frozen_string_literal: true

require "rails_helper"
require "active_job/queue_adapters/sidekiq_adapter"

RSpec.describe PwbCrm::IntegrationSyncJob do
  include ActiveJob::TestHelper
  include_context "with an error reporter"

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def states = PwbCrm::Delivery.order(:id).pluck(:state)

  describe "an error of the drain itself, below a host's job with five repeats of its own" do
    before do
      @drains = 0
      allow(PwbCrm::Conveyor).to receive(:drain) { (@drains += 1) && raise(ActiveRecord::ConnectionNotEstablished) }
    end

    # Runs every job that is enqueued, and those that these enqueue, until none is left.
    def run_all(payloads = enqueued_jobs)
      while (payload = payloads.shift)
        yield payload
      end
    end

    it "is tried three times in all, and reported once" do
      described_class.perform_later(crm.id)
      run_all { |payload| ActiveJob::Base.execute(payload) }
      expect(@drains).to eq(3)
      expect(reported.contexts.map { |context| context.dig(:context, :doing) })
        .to eq(["PwbCrm::IntegrationSyncJob #{crm.id}"])
    end

    it "does not reach Sidekiq, which would repeat it 25 times more" do
      described_class.perform_later(crm.id)
      wrapper = ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper
      expect { run_all { |payload| wrapper.new.perform(payload) } }.not_to raise_error
      expect(@drains).to eq(3)
    end

    it "does not repeat the sweep more often, either, which comes every minute anyway" do
      allow(PwbCrm::Sweep).to receive(:call) { (@drains += 1) && raise(ActiveRecord::ConnectionNotEstablished) }
      PwbCrm::IntegrationSweepJob.perform_later
      run_all { |payload| ActiveJob::Base.execute(payload) }
      expect(@drains).to eq(3)
    end
  end

  describe "a job that comes late" do
    before { contact(site) }

    def late_job
      expect { described_class.perform_now(crm.id) }.not_to(have_enqueued_job)
      expect(reported.errors).to be_empty
    end

    it "an hour after all is done sends nothing more" do
      drain(crm)
      travel_to(1.hour.from_now) { late_job }
      expect(remote.pushed.size).to eq(1)
    end

    it "after its integration was deleted does nothing" do
      crm.destroy!
      late_job
      expect(remote.pushed).to be_empty
    end

    it "after its integration was switched off leaves everything in line" do
      crm.update!(active: false)
      late_job
      expect(states).to eq(%w[pending])
      expect(remote.pushed).to be_empty
    end

    it "after its website was deleted does nothing" do
      site.destroy!
      late_job
      expect(remote.pushed).to be_empty
    end
  end

  describe "a job of another version" do
    before { contact(site) }

    it "may bring more arguments" do
      described_class.perform_now(crm.id, "urgent", reason: "replay")
      expect(states).to eq(%w[succeeded])
    end

    it "may leave rows whose kind, action or state is unknown here: nobody touches them" do
      4.times { contact(site) }
      unknown = [{ kind: "quote" }, { action: "merge" }, { state: "parked" }, { state: "parked", run_at: 1.year.ago }]
      rows = PwbCrm::Delivery.order(:id).last(4)
      rows.zip(unknown) { |row, values| row.update_columns(settled_at: 1.year.ago, **values) }
      before = rows.map { |row| row.reload.attributes }

      described_class.perform_now(crm.id)
      PwbCrm::IntegrationSweepJob.perform_now
      PwbCrm::Delivery.all.replay
      PwbCrm::Pruning.call
      expect(rows.map { |row| row.reload.attributes }).to eq(before)
      expect(states.first).to eq("succeeded")
    end
  end

  describe "a job that is delivered twice at the same moment", :committed do
    it "is done once" do
      people = Array.new(25) { contact(site) }
      remote.script = ->(work) { sleep(0.005) && remote.succeeded(work) }
      go = Queue.new
      jobs = Array.new(2) do
        Thread.new do
          go.pop
          Rails.application.executor.wrap { described_class.perform_now(crm.id) }
        end
      end
      2.times { go << true }
      jobs.each(&:join)
      drain(crm)

      expect(remote.keys).to eq(people.map { |person| "contact #{person.id}" })
      expect(PwbCrm::Delivery.pluck(:state, :attempts, :doubt).uniq).to eq([["succeeded", 1, false]])
    end
  end
end
