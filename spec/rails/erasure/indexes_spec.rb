# frozen_string_literal: true

require "rails_helper"

# What is asked for one record must not read what is kept of all.
RSpec.describe "the indexes that look-ups of one record go through" do
  include_context "with a person to erase"

  it "finds what hangs on a record, by links and by deliveries" do
    expect(plan_of(/FROM .*links.*parent_type/m) { PwbCrm.erase(person) }).to include("index_pwb_links_parent")
    expect(plan_of(/depends_on_type.*state IN \('pend/m) { PwbCrm.erase(person) })
      .to include("index_pwb_deliveries_kin")
  end

  it "tells whether something that hangs on it is on its way, when an erasure is claimed" do
    PwbCrm.erase(person)
    lease = PwbCrm::Lease.acquire(desk.id)
    expect(plan_of(/\AWITH fresh/) { PwbCrm::Delivery.claim(lease, limit: 1) }).to include("index_pwb_deliveries_kin")
  end

  it "finds what came in about a remote record" do
    traces = { "integration_id" => desk.id, "record_type" => "contact", "record_id" => "1",
               "external_type" => "user", "external_id" => "9" }
    expect(plan_of(/DELETE FROM .*inbound_events/) { PwbCrm::Erasure::Traces.remove(traces) })
      .to include("index_pwb_inbound_events_external")
  end

  # PostgreSQL chooses by what it believes to be there, so that it has to be.
  def others(model, **values)
    model.insert_all!(Array.new(2000) do |id|
      { integration_id: desk.id, record_type: "contact", record_id: "other-#{id}", action: "update", **values }
    end)
    model.lease_connection.execute("ANALYZE #{model.quoted_table_name}")
  end

  def other_logs = others(PwbCrm::SyncLog, success: true, created_at: Time.current)

  def other_deliveries
    now = Time.current
    others(PwbCrm::Delivery, kind: "contact", state: "failed", event_id: "other", occurred_at: now, run_at: now,
                             settled_at: now, created_at: now, updated_at: now)
  end

  it "finds the latest attempts of a record" do
    other_logs
    expect(plan_of(/FROM .*sync_logs.*LIMIT/m) { PwbCrm.explain(person, integration: desk).to_s })
      .to include("index_pwb_sync_logs_record")
  end

  it "finds the receipts that an integration still owes an answer, and what they wait for" do
    other_deliveries
    PwbCrm.erase(person)
    [/DISTINCT.*receipt_id/m, /WITH chosen/].each do |statement|
      expect(plan_of(statement) { PwbCrm::Receipt.abandon(desk.id, PwbCrm::Receipt::GONE) })
        .to include("index_pwb_deliveries_receipt")
    end
  end
end
