# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Sweep do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:job) { PwbCrm::IntegrationSyncJob }

  def sweep = PwbCrm::IntegrationSweepJob.perform_now

  it "wakes an integration whose wake-up was lost" do
    contact(site)
    expect { sweep }.to have_enqueued_job(job).with(crm.id).once
  end

  it "wakes one whose worker died" do
    contact(site)
    PwbCrm::Delivery.claim(PwbCrm::Lease.acquire(crm.id, seconds: -1), limit: 10)
    expect { sweep }.to have_enqueued_job(job).with(crm.id)
  end

  it "lets sleep what has nothing to do, is being worked on, or may not send" do
    expect { sweep }.not_to have_enqueued_job(job)
    contact(site)
    PwbCrm::Delivery.update_all(run_at: 1.minute.from_now)
    expect { sweep }.not_to have_enqueued_job(job)

    all_due
    lease = PwbCrm::Lease.acquire(crm.id)
    expect { sweep }.not_to have_enqueued_job(job)
    lease.release
    crm.pause!("On holiday.")
    expect { sweep }.not_to have_enqueued_job(job)
  end

  it "starts what was incomplete once the app's settings complete it" do
    zoho = integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", refresh_token: "r" })
    contact(site)
    expect { sweep }.to have_enqueued_job(job).with(zoho.id)
  end

  it "leaves alone what is of a platform this version does not know" do
    contact(site)
    crm.update_column(:platform, "hubspot")
    expect { sweep }.not_to have_enqueued_job(job)
  end

  it "does nothing while the kill switch is thrown" do
    contact(site)
    configure(enabled: false)
    expect { sweep }.not_to have_enqueued_job(job)
    drain(crm)
    expect(ScriptedProvider.pushed).to be_empty
  end

  describe "as a rake task" do
    it "wakes" do
      contact(site)
      expect { rake("sweep") }.to output("pwb_crm: woke 1 integration(s)\n").to_stdout.and have_enqueued_job(job)
    end

    it "delivers without a queue" do
      contact(site)
      expect { rake("drain") }.to output(/went through 1 integration\(s\); 0 delivery/).to_stdout
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end

    it "starts nothing that would die with its process, and leaves the rest to the next run" do
      configure(drain_budget: 0.01)
      ScriptedProvider.slice = 1
      ScriptedProvider.script = ->(work) { sleep(0.02) && ScriptedProvider.succeeded(work) }
      2.times { contact(site) }
      expect { expect { rake("drain") }.to output(/1 delivery/).to_stdout }.not_to have_enqueued_job(job)
      expect(crm.reload.next_job_id).to be_nil
      expect { rake("drain") }.to output(/0 delivery/).to_stdout
    end

    context "when something is wrong with one tenant" do
      include_context "with an error reporter"

      let(:other) { website }

      before do
        integration(other)
        [site, other].each { |one| contact(one) }
      end

      def states = PwbCrm::Delivery.order(:integration_id).pluck(:state, :attempts)

      it "delivers for the others, whose credentials can be read" do
        PwbCrm::Integration.where(id: crm.id).update_all("config = 'garbage'")
        expect { rake("drain") }.to output(/went through 2 .* 1 delivery/).to_stdout
        expect(states).to eq([["pending", 0], ["succeeded", 1]])
      end

      it "delivers for the others, and reports it" do
        allow(PwbCrm::Conveyor).to receive(:drain).and_call_original
        allow(PwbCrm::Conveyor).to receive(:drain).with(crm.id, any_args).and_raise(ZeroDivisionError)
        expect { rake("drain") }.to output(/went through 2 .* 1 delivery/).to_stdout
        expect(states).to eq([["pending", 0], ["succeeded", 1]])
        expect(reported.contexts.sole[:context]).to include(doing: "delivering for integration #{crm.id}")
      end
    end

    it "prunes what is old, and keeps links and dead letters" do
      2.times { contact(site) }
      drain(crm)
      PwbCrm::Delivery.first.update!(state: "failed")
      travel_to(31.days.from_now) do
        told = "pwb_crm: deleted 1 deliveries, 2 sync_logs\n"
        expect { rake("prune") }.to output(told).to_stdout
      end
      expect(PwbCrm::Delivery.pluck(:state)).to eq(%w[failed])
      expect(PwbCrm::Link.count).to eq(2)
    end
  end
end
