# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Lease do
  let(:crm) { integration(website) }

  it "is one worker's at a time" do
    first = described_class.acquire(crm.id)
    expect(described_class.acquire(crm.id)).to be_nil
    first.release
    expect(described_class.acquire(crm.id).token).to eq(first.token + 1)
  end

  it "ends by the database's clock, whatever the worker's says" do
    described_class.acquire(crm.id, seconds: 0.05)
    travel_to(1.year.ago) do
      sleep 0.1
      expect(described_class.acquire(crm.id)).to be_present
    end
  end

  it "can be renewed while it lasts" do
    lease = described_class.acquire(crm.id, seconds: 10)
    lease.renew(60)
    expect(crm.reload.leased_until).to be_within(5).of(60.seconds.from_now)
  end

  it "is held without asking the database for as long as it is known to last" do
    lease = described_class.acquire(crm.id, seconds: 60)
    expect(statements_of { lease.hold(40) }).to be_empty
    expect { lease.hold(90) }.to(change { crm.reload.leased_until })
    allow(described_class).to receive(:clock).and_return(described_class.clock + 70)
    expect(statements_of { lease.hold(40) }.size).to be_positive
  end

  it "lasts longer with each write under it" do
    lease = described_class.acquire(crm.id, seconds: 60)
    crm.class.where(id: crm.id).note(leased_until: 1.second.from_now)
    lease.fence
    expect(crm.reload.leased_until).to be_within(10).of(60.seconds.from_now)
  end

  it "cannot be renewed once it is over, even if nobody has taken it" do
    lease = described_class.acquire(crm.id, seconds: -1)
    expect { lease.renew(60) }.to raise_error(described_class::Lost, /integration #{crm.id}/)
  end

  it "is left by the sweep to a worker that got it before a deploy made leases shorter" do
    configure(lease_time: 3600)
    old = described_class.acquire(crm.id)
    configure(lease_time: 60)
    described_class.shorten
    pass(described_class.time + 1)
    expect(described_class.acquire(crm.id)).to be_nil
    expect { old.renew(60) }.not_to raise_error
  end

  it "fences off the writes of who lost it, and not of who merely was slow" do
    lease = described_class.acquire(crm.id, seconds: -1)
    expect { lease.fence }.not_to raise_error
    described_class.acquire(crm.id)
    expect { lease.fence }.to raise_error(described_class::Lost)
  end

  it "releases only its own" do
    old = described_class.acquire(crm.id, seconds: -1)
    described_class.acquire(crm.id)
    old.release
    expect(described_class.acquire(crm.id)).to be_nil
  end

  describe "many at once", :committed do
    it "is given to one of them" do
      id = crm.id
      gate = Queue.new
      threads = Array.new(8) do
        Thread.new do
          gate.pop
          ActiveRecord::Base.connection_pool.with_connection { described_class.acquire(id) }
        end
      end
      threads.size.times { gate << true }
      expect(threads.map(&:value).compact.size).to eq(1)
    end
  end
end
