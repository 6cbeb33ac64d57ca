# frozen_string_literal: true

require "rails_helper"

RSpec.describe "What the doctor says of jobs" do
  include_context "with an examined installation"

  describe "what runs by itself" do
    it "may be late" do
      { "sweep" => 181, "reconcile" => 129_700, "prune" => 259_300 }.each { |name, age| aged(name, age) }
      expect(found.transform_values(&:level)).to eq("sweep" => :fault, "reconcile" => :warning, "prune" => :warning)
      expect(finding("prune").said).to eq("The pruning has not run for 3 days.")
    end

    it "has time to run for the first time" do
      PwbCrm::Mark.delete_all
      expect(found).to be_empty
      crm.update_columns(created_at: 2.days.ago)
      expect(found.keys).to eq(%w[sweep reconcile])
      crm.update_columns(created_at: 4.days.ago)
      expect(finding("prune").cure).to include("Schedule PwbCrm::IntegrationPruneJob")
    end

    it "leaves its mark whenever it runs" do
      PwbCrm::Mark.delete_all
      PwbCrm::Sweep.call
      PwbCrm::Reconcile.call
      PwbCrm::Pruning.call
      expect(PwbCrm::Mark.pluck(:name)).to match_array(%w[sweep reconcile prune])
      expect(PwbCrm::Mark.age("sweep")).to be_between(0, 60)
    end
  end

  describe "the queue" do
    it "is asked by the sweep, and answers" do
      PwbCrm::Mark.where(name: "queue").delete_all
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(PwbCrm::IntegrationProbeJob)
      PwbCrm::IntegrationProbeJob.perform_now
      expect(PwbCrm::Mark.age("queue")).to be_between(0, 60)
    end

    it "is at fault when its workers do nothing" do
      aged("queue", 600)
      expect(finding("queue")).to have_attributes(fault?: true, said: /for 10 minutes/, cure: /Start the workers/)
    end

    it "is at fault when none of the jobs was ever done that sweeps have asked for since some minutes" do
      PwbCrm::Mark.where(name: "queue").delete_all
      expect(finding_of_all("queue")).to be_ok
      aged("sweep", 310, since: "since")
      PwbCrm::Mark.beat("sweep", note: "jobs")
      expect(finding("queue").said).to include("for ever")
    end

    it "is at fault when it did not take the jobs of the last sweep, which the sweep's task says, too" do
      contact(crm.website)
      all_due
      [PwbCrm::IntegrationSyncJob, PwbCrm::IntegrationProbeJob].each do |job|
        without_a_queue_for(job) { expect_refusal }
        expect(finding("queue")).to have_attributes(fault?: true, said: /did not take the jobs/, cure: /Redis/)
        expect { rake("sweep") }.to output("pwb_crm: woke 1 integration(s)\n").to_stdout
        expect(found).not_to include("queue")
      end
    end

    def without_a_queue_for(job)
      allow(job.queue_adapter).to receive(:enqueue).and_wrap_original do |original, one|
        one.is_a?(job) && @gone ? raise(IOError) : original.call(one)
      end
      @gone = true
      yield
      @gone = false
      PwbCrm.const_get(:Wake).reset
    end

    def expect_refusal
      expect { rake("sweep") }
        .to output(/woke/).to_stdout.and output(/did not take all jobs/).to_stderr.and raise_error(SystemExit)
    end

    it "need not be there where drains run in the sweep's place" do
      aged("queue", 600)
      PwbCrm::Sweep.drain
      expect(found).to be_empty
    end

    it "must outlive a deploy in production" do
      allow(Rails.env).to receive(:production?).and_return(true)
      allow(PwbCrm::IntegrationSyncJob).to receive(:queue_adapter_name).and_return("async")
      expect(finding("queue")).to have_attributes(level: :warning, said: include("async"))
    end

    it "may be down without hurting the sweep" do
      allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(IOError)
      expect(PwbCrm::Sweep.call).to eq([])
    end
  end
end
