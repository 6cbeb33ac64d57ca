# frozen_string_literal: true

require "rails_helper"

# Saves that come while a drain ends: the job of each finds the lease taken, or is never enqueued because another one
# is still to come. No sweep runs in here, so whatever is forgotten stays so.
RSpec.describe "Bursts of saves", :committed do
  # Leaves time for a save where there should be none: between the last look at the rows and the release of the lease,
  # and between that and looking again.
  let(:paused_release) do
    Module.new do
      def release
        sleep(rand * 0.004)
        super.tap { sleep(rand * 0.004) }
      end
    end
  end

  before do
    allow(PwbCrm::Lease).to(receive(:new).and_wrap_original { |new, *args| new.call(*args).extend(paused_release) })
    stub_const("PwbCrm::Conveyor::PAUSE", 0.02)
    # On a busy machine a thread may wait for a second to enqueue.
    stub_const("PwbCrm::Wake::Breaker::SLOW", 60)
  end

  # Each host saves records of a tenant of its own and waits until no job of it is left, some hundred times.
  #
  # @return [Array<Integer>] deliveries that were forgotten, by burst
  def forgotten(hosts:, bursts:, &burst)
    tenants = Array.new(hosts) { integration(website) }
    MiniQueue.use(workers: 6) do |queue|
      tenants.map { |crm| Thread.new { Array.new(bursts) { left_after(queue, crm, &burst) } } }.flat_map(&:value)
    end
  end

  def left_after(queue, crm)
    Rails.application.executor.wrap do
      yield crm
      Timeout.timeout(60) { sleep 0.001 while queue.any?(crm.id) }
      PwbCrm::Delivery.where(integration: crm, state: %w[pending in_flight]).delete_all
    end
  end

  it "are never stranded, whatever the pauses around the release" do
    left = forgotten(hosts: 2, bursts: 500) do |crm|
      rand(2..4).times do
        contact(crm.website)
        sleep(rand * 0.004)
      end
    end
    expect(left.size).to eq(1000)
    expect(left.sum).to eq(0)
  end

  it "are never stranded at the end of what the throttle leaves out" do
    configure(settle_time: 0.2)
    stub_const("PwbCrm::Wake::Throttle::MARGIN", 0.05)
    passed = Queue.new
    allow(PwbCrm::Wake::Throttle).to receive(:awaited?).and_wrap_original do |awaited, id|
      awaited.call(id).tap { |is| passed << is }
    end
    left = forgotten(hosts: 6, bursts: 8) do |crm|
      rand(1..20).times do
        contact(crm.website)
        sleep(rand * 0.03)
      end
    end
    expect(Array.new(passed.size) { passed.pop }.tally[true]).to be > 50
    expect(left.size).to eq(48)
    expect(left.sum).to eq(0)
  end
end
