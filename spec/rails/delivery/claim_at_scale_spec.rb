# frozen_string_literal: true

require "rails_helper"

# After a bulk import, before the database has gathered statistics. With a plan that reads all pending rows
# for each of them this takes minutes; through the indexes it is milliseconds.
RSpec.describe "claiming from twenty thousand pending deliveries", :committed do
  let(:crm) { integration(website) }
  let(:lease) { PwbCrm::Lease.acquire(crm.id) }
  let(:deliveries) { PwbCrm::Delivery }

  # Contacts, and a message that waits for each.
  before do
    now = Time.current
    common = { integration_id: crm.id, action: "create", occurred_at: now, run_at: 1.hour.ago, state: "pending" }
    Array.new(10_000, &:to_s).each_slice(1000) do |ids|
      deliveries.insert_all!(ids.flat_map do |id|
        [common.merge(record_type: "contact", kind: "contact", record_id: id, event_id: "c#{id}",
                      depends_on_type: nil, depends_on_id: nil),
         common.merge(record_type: "message", kind: "message", record_id: id, event_id: "m#{id}",
                      depends_on_type: "contact", depends_on_id: id)]
      end)
    end
    lease
  end

  def claim = deliveries.claim(lease, limit: 100)

  def settle(rows)
    deliveries.finish(rows.map { |one| deliveries::Ending.new(delivery: one, state: :succeeded) })
    deliveries.supersede_dead(rows)
  end

  it "takes no time, and neither do settling, recovering, sweeping and looking when to go on" do
    kinds = []
    expect(seconds do
      10.times { settle(claim.each { |one| kinds << one.kind }) }
      deliveries.seconds_to_next(crm.id)
      deliveries.recover(lease)
      lease.release
      expect(PwbCrm::Sweep.call).to eq([crm.id])
    end).to be < 5
    expect(kinds.tally).to eq("contact" => 500, "message" => 500)
  end
end
