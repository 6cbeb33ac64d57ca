# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Delivery::Discard do
  include_context "with dead letters"

  it "puts dead letters aside and says who did, and what they said" do
    one = dead(record = contact(site))
    one.update!(error_kind: "validation")
    one.discard!(by: "Ana\0")
    expect(one).to have_attributes(state: "skipped", error_code: "discarded", error_kind: nil,
                                   settled_at: be_present)
    expect(one.error_message).to start_with("contact #{record.id}: discarded by Ana. Before: contact #{record.id}:")
    expect(remote.pushed.size).to eq(1)
  end

  it "takes any selection, and drops what deleted records held" do
    record = contact(site)
    drain(crm)
    record.destroy!
    dead(record)
    contact(site)
    expect(delivery.where(integration: crm).discard).to eq(1)
    expect(deliveries.second).to have_attributes(state: "skipped", tombstone: be_blank,
                                                 error_message: /contact \d+: discarded\. Before: /)
    expect(states).to eq(%w[succeeded skipped pending])
  end

  it "leaves doubt to the record's next delivery, whose arrival ends it" do
    record = contact(site)
    one = dead(record)
    one.update!(doubt: true)
    one.discard!
    travel_to(31.days.from_now) { PwbCrm::Pruning.call }
    record.update!(first_name: "Eva")
    drain(crm)
    expect(remote.pushed.flatten.last[:doubt]).to be(true)
    record.update!(first_name: "Ida")
    drain(crm)
    expect(remote.pushed.flatten.last[:doubt]).to be(false)
  end

  it "passes over what another transaction holds, without waiting", :committed, :postgresql do
    one = dead
    delivery.transaction do
      one.lock!
      other = Thread.new { delivery.connection_pool.with_connection { delivery.dead.discard } }
      expect(other.join(30)&.value).to eq(0)
    end
    expect(delivery.dead.discard).to eq(1)
  end
end
