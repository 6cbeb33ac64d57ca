# frozen_string_literal: true

require "rails_helper"

# A slice is read whole before it is pushed, and a lease of 60 s has to last for both.
RSpec.describe "A host that takes long to read its records" do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  before do
    [[PwbCrm::Lease, :clock], [PwbCrm.const_get(:Monotonic), :now]].each do |clock, name|
      allow(clock).to(receive(name).and_wrap_original { |original| original.call + PwbCrm::Sql.offset })
    end
    remote.slice = 100
  end

  def states = PwbCrm::Delivery.group(:state).count

  it "pushes what it has read in a third of the lease, and the rest untried and in order in the next turns" do
    contacts = Array.new(50) { |n| contact(site, primary_email: "p#{n}@example.com") }
    configure(skip_record: ->(_record) { pass(2) && false })
    drain(crm)
    expect(states).to eq("succeeded" => 10, "pending" => 40)
    rest = PwbCrm::Delivery.where(state: "pending")
    expect(rest.distinct.pluck(:attempts, :doubt, :error_code)).to eq([[0, false, nil]])
    4.times { drain(crm) }
    expect([states, remote.pushed.map(&:size)]).to eq([{ "succeeded" => 50 }, [10] * 5])
    expect(remote.keys).to eq(contacts.map { |one| "contact #{one.id}" })
  end

  it "goes on where a single record takes longer than that" do
    Array.new(3) { |n| contact(site, primary_email: "p#{n}@example.com") }
    configure(skip_record: ->(_record) { pass(25) && false })
    3.times { drain(crm) }
    expect([states, remote.pushed.map(&:size)]).to eq([{ "succeeded" => 3 }, [1] * 3])
  end

  it "keeps the lease while it asks for the people behind them" do
    author = user
    Array.new(40) { ticket(site) }
    configure(readers: PwbCrm.config.readers.deep_merge(support_ticket: { requester: ->(_) { pass(2) && author } }))
    drain(crm)
    expect(states["in_flight"]).to be_nil
    expect(states["succeeded"]).to be_positive
  end
end
