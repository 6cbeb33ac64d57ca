# frozen_string_literal: true

require "rails_helper"

RSpec.describe "disconnecting an integration" do
  let(:site) { website }
  let!(:crm) { integration(site, config: { access_token: "t0ken", refresh_token: "r3fresh", api_token: "s3cret" }) }
  let(:job) { PwbCrm::IntegrationRemovalJob }
  let(:remote) { ScriptedProvider }

  def deliver
    all_due
    drain(crm)
  end

  # The tables as they are, without what the models make of them.
  def stored(*columns) = PwbCrm::Integration.where(id: crm.id).pick(*columns.map { |name| Arel.sql(name) })

  def left
    [PwbCrm::Delivery, PwbCrm::SyncLog, PwbCrm::Link, PwbCrm::InboundEvent, PwbCrm::Integration].map(&:count)
  end

  describe "takes effect at once:" do
    it "nothing is noted or sent, and nobody can read or bring back its credentials" do
      crm.update_columns(webhook_url: "https://hooks.example.com/x")
      stale = PwbCrm::Integration.find(crm.id)
      contact(site)
      expect(statements_of { crm.disconnect! }.grep(/UPDATE/).size).to eq(1)

      expect(stored(*%w[config tokens webhook_url])).to eq([nil, nil, nil])
      expect(crm).to have_attributes(active: false, status: :disconnected, config: {}, tokens: {}, webhook_url: nil,
                                     status_message: /disconnected.*Create a new one/)
      expect { contact(site) }.not_to change(PwbCrm::Delivery, :count)
      expect { deliver }.not_to(change { remote.pushed.size })
      expect { stale.update!(config: { api_token: "another-token" }) }.to raise_error(ActiveRecord::StaleObjectError)
    end

    it "a worker that is at it stops before its next call, and writes neither results nor tokens" do
      remote.script = lambda do |work|
        PwbCrm::Integration.find(crm.id).disconnect!
        remote.succeeded(work)
      end
      30.times { contact(site) }
      deliver
      expect(remote.pushed.size).to eq(1)
      expect(PwbCrm::Link.count).to eq(0)
      expect(PwbCrm::Delivery.group(:state).count).to eq("in_flight" => 30)
    end

    it "a refresh that comes back afterwards is not stored" do
      holder = PwbCrm::Integration.find(crm.id)
      remote.refreshes = lambda do
        crm.disconnect!
        { "access_token" => "late", "refresh_token" => "later", "expires_in" => 3600 }
      end
      begin
        holder.refresh_tokens!
      rescue StandardError
        nil
      end
      expect(stored("tokens")).to be_nil
    end
  end

  describe "the removal" do
    it "is left to a job, after the commit" do
      expect { crm.disconnect! }.to have_enqueued_job(job).with(crm.id)
      expect do
        PwbCrm::Integration.transaction do
          integration(site).disconnect!
          raise ActiveRecord::Rollback
        end
      end.not_to have_enqueued_job(job)
    end

    it "takes everything of it, and nothing of others" do
      integration(site)
      2.times { contact(site) }
      all_due
      PwbCrm::Integration.ids.each { |id| PwbCrm::Conveyor.drain(id) }
      PwbCrm::InboundEvent.insert_all([{ integration_id: crm.id, event_id: "1", event_type: "x" }])
      crm.disconnect!
      job.perform_now(crm.id)

      expect(left).to eq([2, 2, 2, 0, 1])
      expect(PwbCrm::Integration.ids).not_to include(crm.id)
      expect { job.perform_now(crm.id) }.not_to have_enqueued_job
    end

    it "goes in chunks" do
      stub_const("PwbCrm::Removal::CHUNK", 10)
      25.times { contact(site) }
      crm.disconnect!
      chunks = statements_of { job.perform_now(crm.id) }.grep(/DELETE.*pwb_integration_deliveries/)
      expect(chunks.size).to eq(3)
      expect(left.sum).to eq(0)
    end

    it "makes room for others when its time is over, and goes on later" do
      stub_const("PwbCrm::Removal::CHUNK", 1)
      configure(drain_budget: 0.000001)
      2.times { contact(site) }
      crm.disconnect!
      expect { job.perform_now(crm.id) }.to have_enqueued_job(job).with(crm.id)
      expect(PwbCrm::Integration.ids).to eq([crm.id])
    end

    it "leaves an integration alone that is not disconnected" do
      contact(site)
      crm.update!(active: false)
      job.perform_now(crm.id)
      expect(left).to eq([1, 0, 0, 0, 1])
    end

    it "is taken up again if its job was lost" do
      crm.disconnect!
      expect { PwbCrm::IntegrationReconcileJob.perform_now }.to have_enqueued_job(job).with(crm.id)
      expect(PwbCrm::Pruning.call).to include(integrations: 1)
      expect(left.sum).to eq(0)
    end

    it "does not fail for a queue that is down" do
      allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(IOError)
      crm.disconnect!
      expect(crm.status).to eq(:disconnected)
    end
  end

  describe "beside a transaction of the host that has noted a save", :committed, :postgresql do
    let(:record) { contact(site) }

    before { record }

    it "is done at once, and so is the host; the removal waits for nobody and ends later" do
      contact(site)
      during_open_save(record, first_name: "Eva") do
        crm.disconnect!
        expect(PwbCrm::Removal.new(crm.id).call).to eq(:left)
        expect(left.values_at(0, 4)).to eq([1, 1])
        contact(site)
      end
      expect([PwbCrm::Removal.new(crm.id).call, left.sum]).to eq([:gone, 0])
    end

    it "takes a new row with it that such a transaction commits at the last moment" do
      PwbCrm::Delivery.delete_all
      during_open_save(record, first_name: "Eva") do
        crm.disconnect!
        expect(PwbCrm::Removal.new(crm.id).call).to eq(:left)
      end
      expect(PwbCrm::Delivery.count).to eq(1)
      job.perform_now(crm.id)
      expect(left.sum).to eq(0)
    end
  end
end
