# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Pruning do
  let(:site) { website }
  let!(:crm) { integration(site) }

  it "deletes what is old and settled, in chunks, and keeps dead letters, links and what is new" do
    stub_const("PwbCrm::Pruning::CHUNK", 10)
    27.times { contact(site) }
    all_due
    drain(crm)
    PwbCrm::Delivery.limit(2).update_all(state: "failed")
    statements = nil
    travel_to(31.days.from_now) do
      contact(site)
      statements = statements_of { expect(described_class.call).to include(deliveries: 25, sync_logs: 27) }
    end

    expect(statements.grep(/DELETE.*pwb_integration_deliveries/).size).to eq(3)
    expect(PwbCrm::Delivery.group(:state).count).to eq("failed" => 2, "pending" => 1)
    expect(PwbCrm::Link.count).to eq(27)
  end

  it "keeps what is younger than asked for" do
    contact(site)
    all_due
    drain(crm)
    travel_to(8.days.from_now) do
      expect(described_class.call(older_than: 9.days)).to include(deliveries: 0, sync_logs: 0)
      expect(described_class.call(older_than: 7.days)).to include(deliveries: 1, sync_logs: 1)
    end
  end

  describe "by the age that is set for each table" do
    def insert(table, **values)
      columns = values.merge(created_at: Time.current, updated_at: Time.current)
      model = Class.new(PwbCrm::ApplicationRecord) { self.table_name = "pwb_integration_#{table}" }
      model.insert!(columns.slice(*model.column_names.map(&:to_sym)))
    end

    before do
      configure(keep_deliveries: 5.days.to_i, keep_logs: 10.days.to_i, keep_events: 15.days.to_i,
                keep_audit: 20.days.to_i, keep_failed_events: 25.days.to_i)
      record = { integration_id: crm.id, record_type: "contact", record_id: "1", action: "update" }
      insert(:deliveries, **record, kind: "contact", event_id: "m1", occurred_at: Time.current, state: "succeeded",
                                    run_at: Time.current, settled_at: Time.current)
      insert(:sync_logs, **record, success: true)
      insert(:inbound_events, integration_id: crm.id, event_id: "1", event_type: "x", state: "applied")
      insert(:inbound_events, integration_id: crm.id, event_id: "2", event_type: "x", state: "pending")
      insert(:inbound_events, integration_id: crm.id, event_id: "3", event_type: "x", state: "failed",
                              settled_at: Time.current)
      insert(:runs, integration_id: crm.id, state: "done", finished_at: Time.current)
      insert(:runs, integration_id: crm.id, state: "running")
      insert(:receipts, website_id: site.id, record_type: "contact", record_id: "1", state: "complete")
      insert(:budgets, account: "a", bucket: "b")
    end

    def deleted_after(days)
      travel_to(days.days.from_now + 1.minute) { described_class.call.select { |_, count| count == 1 }.keys }
    end

    it "deletes each in its time, and never what is still to be done" do
      expect([1, 2, 5, 10, 15, 20, 25, 4000].map { |days| deleted_after(days) })
        .to eq([[], %i[budgets], %i[deliveries runs], %i[sync_logs], %i[inbound_events], %i[receipts],
                %i[inbound_events], []])
    end
  end

  it "runs as a job and as a task, which may be given another age" do
    contact(site)
    all_due
    drain(crm)
    travel_to(8.days.from_now) do
      PwbCrm::IntegrationPruneJob.perform_now
      expect(PwbCrm::SyncLog.count).to eq(1)
      expect { rake("prune", DAYS: 7) }.to output("pwb_crm: deleted 1 deliveries, 1 sync_logs\n").to_stdout
    end
    expect { rake("prune") }.to output("pwb_crm: deleted nothing\n").to_stdout
  end

  it "takes no age by which all would be old, nor one that is none" do
    contact(site)
    all_due
    drain(crm)
    %w[-5 many 1.5].each do |days|
      expect { rake("prune", DAYS: days) }.to raise_error(PwbCrm::ConfigurationError, /DAYS="#{days}" is no number/)
    end
    expect { described_class.call(older_than: -5.days) }.to raise_error(PwbCrm::ConfigurationError, /-5 days/)
    expect([PwbCrm::SyncLog.count, PwbCrm::Delivery.count]).to eq([1, 1])
  end
end
