# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::InboundEvent do
  let(:crm) { integration(website) }

  def take(into = crm, event_id: "evt-1")
    into.inbound_events.create!(event_id:, event_type: "ticket.updated", payload: { "status" => "solved" })
  end

  it "is kept encrypted until it is applied" do
    event = take
    expect(described_class.waiting.sole.payload).to eq("status" => "solved")
    expect(event.read_attribute_before_type_cast(:payload)).not_to include("solved")
    expect(event.inspect).not_to include("solved")
  end

  it "is refused the second time, by the database, too" do
    take
    expect { take }.to raise_error(ActiveRecord::RecordInvalid, /Event has already been taken/)
    row = { integration_id: crm.id, event_id: "evt-1", event_type: "ticket.updated" }
    expect { described_class.insert_all!([row]) }.to raise_error(ActiveRecord::RecordNotUnique)
  end

  it "may have an id that another integration's has" do
    take
    expect(take(integration(website))).to be_persisted
  end
end
