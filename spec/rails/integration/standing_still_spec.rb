# frozen_string_literal: true

require "rails_helper"

# Nothing leaves a copied database or a tenant that is switched off, on any of the ways out.
RSpec.describe "An integration that must not send" do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let!(:record) { contact(site) }

  def try_every_way_out
    PwbCrm::IntegrationSyncJob.perform_now(crm.id)
    PwbCrm::IntegrationSweepJob.perform_now
    PwbCrm::Conveyor.look_again(crm.id)
    expect { rake("sweep") }.to output(/woke 0/).to_stdout
    expect { rake("drain") }.to output(/went through 0 integration\(s\); 1 delivery/).to_stdout
  end

  def expect_nothing_to_leave
    expect { try_every_way_out }.not_to have_enqueued_job(PwbCrm::IntegrationSyncJob)
    expect(ScriptedProvider.pushed).to be_empty
    expect(PwbCrm::Delivery.pluck(:state, :attempts)).to eq([["pending", 0]])
    expect(crm.reload).to have_attributes(leased_until: nil, lease_token: 0)
  end

  def expect_everything_to_leave
    perform_enqueued_jobs
    expect(PwbCrm::Delivery.pluck(:state)).to eq(["succeeded"])
  end

  describe "in a copied database" do
    before { configure(environment: "staging") }

    it "sends nothing and says so, until this environment adopts it" do
      expect_nothing_to_leave
      expect(crm.reload).to have_attributes(status: :copied, status_message: /this database is a copy.* Call adopt!/)

      expect { crm.adopt! }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
      expect_everything_to_leave
    end

    it "answers so to who wants it at once" do
      outcome = crm.provider.sync_contact(record)
      expect(outcome).to have_attributes(skipped?: true, reason: /is queued: .*this database is a copy/)
      expect_nothing_to_leave
    end

    it "notes what is saved meanwhile, and does not renew its tokens" do
      ScriptedProvider.refreshes = -> { raise "refreshed" }
      record.update!(first_name: "Eva")
      expect_nothing_to_leave
    end
  end

  describe "switched off" do
    before { crm.update!(active: false) }

    it "keeps what was noted before, and says so" do
      expect_nothing_to_leave
      expect(crm.reload).to have_attributes(status: :inactive, status_message: /switched off.*noted before waits/)

      expect { crm.update!(active: true) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
      expect_everything_to_leave
    end

    it "does not note what is saved meanwhile" do
      contact(site)
      expect_nothing_to_leave
    end

    it "answers so to who wants it at once" do
      expect(crm.provider.sync_contact(record)).to have_attributes(skipped?: true, reason: /inactive/)
      expect_nothing_to_leave
    end
  end
end
