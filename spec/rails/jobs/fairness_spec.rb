# frozen_string_literal: true

require "rails_helper"

# A tenant with more to deliver than fits into a turn makes room for the others.
RSpec.describe "Fairness between tenants", :committed do
  let(:large) { new_integration }
  let(:small) { Array.new(10) { new_integration } }

  # Without the wakes of so many saves.
  def fill(crm, count)
    Pwb::Contact.insert_all!(Array.new(count) { { website_id: crm.website_id, first_name: "Ana" } })
    PwbCrm.track(Pwb::Contact.where(website_id: crm.website_id))
  end

  def undelivered(crms) = PwbCrm::Delivery.where(integration: crms, state: %w[pending in_flight])

  # As after a burst of saves: ten throttled wakes and that of the sweep, all before the others'.
  def wake_all = (([large.id] * 11) + small.map(&:id)).each { |id| PwbCrm::Wake.call(id, wait: 0) }

  describe "with one worker" do
    let(:turns) { [] }

    def new_integration = integration(website)

    before do
      configure(drain_budget: 1)
      allow(PwbCrm::Drain).to receive(:new).and_wrap_original do |new, one, *others, **more|
        turns << one.id
        new.call(one, *others, **more)
      end
      ScriptedProvider.script = ->(work) { sleep(0.02) && ScriptedProvider.succeeded(work) }
      fill(large, 1000)
      small.each { |crm| fill(crm, 1) }
    end

    it "is one turn each, however many jobs of one are in front" do
      MiniQueue.use(workers: 1) do
        wake_all
        wait_until { turns.size > 11 }
      end
      expect(turns.first(12)).to eq([large.id, *small.map(&:id), large.id])
      expect(undelivered(small)).to be_empty
    end

    it "keeps no turn for a job that the queue did not take" do
      broken = instance_double(ActiveJob::QueueAdapters::TestAdapter, enqueue_after_transaction_commit?: false)
      allow(broken).to receive(:enqueue).and_raise(IOError)
      allow(PwbCrm::IntegrationSyncJob).to receive(:queue_adapter).and_return(broken)
      PwbCrm::IntegrationSyncJob.perform_now(large.id)
      expect(undelivered(large)).not_to be_empty
      expect(large.reload.next_job_id).to be_nil
    end

    it "keeps a turn for a minute only: a job that does not come by then is lost" do
      PwbCrm::IntegrationSyncJob.perform_now(large.id)
      2.times { PwbCrm::IntegrationSyncJob.perform_now(large.id) }
      expect(turns.size).to eq(1)
      PwbCrm::Integration.where(id: large.id).note(wake_at: 61.seconds.ago)
      PwbCrm::IntegrationSyncJob.perform_now(large.id)
      expect(turns.size).to eq(2)
    end
  end

  # Two threads of a real Sidekiq, 50,000 rows, one HTTP request each.
  describe "with two workers", :postgresql do
    include_context "with Redis and a receiver"

    let(:budget) { 2 }
    let(:settings) { { allow_private_hosts: true, drain_budget: budget } }

    def new_integration = hook_of(website)

    def longest_wait
      seconds do
        enqueueing { wake_all }
        wait_until { undelivered(small).none? }
      end
    end

    it "lets nobody wait for more than three turns of a tenant with 50,000 deliveries" do
      configure(**settings)
      fill(large, 50_000)
      small.each { |crm| fill(crm, 1) }
      worker = start_worker(concurrency: 2, settings:)
      expect(longest_wait).to be < 3 * budget
      wait_until { large.reload.lease_token > 1 }
      expect(undelivered(large).count).to be_between(1, 50_000 - 10)
    ensure
      worker&.kill
    end
  end
end
