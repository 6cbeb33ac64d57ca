# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Pruning do
  let(:site) { website }
  let!(:crm) { integration(site) }

  before { stub_const("PwbCrm::Pruning::CHUNK", 10) }

  it "deletes what is old and settled, in chunks, and keeps dead letters, links and what is new" do
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
end
