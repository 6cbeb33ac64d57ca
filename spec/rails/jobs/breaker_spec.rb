# frozen_string_literal: true

require "rails_helper"
require "support/redis_server"
require "support/sidekiq_worker"
require "sidekiq"

RSpec.describe PwbCrm::Wake::Breaker do
  include_context "with an error reporter"

  let(:monotonic) { PwbCrm.const_get(:Monotonic) }
  let(:clock) { { now: 1000.0 } }
  let(:job) { PwbCrm::IntegrationSyncJob.new(1).tap { |one| one.provider_job_id = "1" } }

  after { described_class.reset }

  def with_a_clock = allow(monotonic).to(receive(:now) { clock[:now] })

  def fails = expect { described_class.attempt { raise IOError, "no queue" } }.to(raise_error(IOError))

  def passes? = described_class.attempt { job }.equal?(job)

  describe "after an enqueueing that failed" do
    before do
      with_a_clock
      fails
    end

    it "leaves wakes out for five seconds, then lets one try" do
      expect(passes?).to be(false)
      clock[:now] += 4.9
      expect(passes?).to be(false)
      clock[:now] += 0.2
      expect(passes?).to be(true)
      expect(passes?).to be(true)
    end

    it "leaves them out for longer each time, a minute at most" do
      pauses = Array.new(6) do
        started = clock[:now]
        clock[:now] += 0.5 until passes_now?
        clock[:now] - started
      end
      expect(pauses).to eq([5, 10, 20, 40, 60, 60])
    end

    def passes_now?
      tried = false
      described_class.attempt do
        tried = true
        raise IOError, "still no queue"
      end
    rescue IOError
      tried
    end

    it "lets one try while the others wait for what comes of it" do
      clock[:now] += 6
      inner = nil
      described_class.attempt do
        inner = Thread.new { passes? }.value
        job
      end
      expect(inner).to be(false)
      expect(passes?).to be(true)
    end
  end

  it "counts what failed together once" do
    with_a_clock
    gates = Array.new(3) { Queue.new }
    threads = gates.map do |gate|
      Thread.new do
        described_class.attempt { gate.pop && raise(IOError) }
      rescue IOError
        nil
      end
    end
    sleep 0.01 until gates.all? { |gate| gate.num_waiting == 1 }
    clock[:now] += 0.5
    gates.zip(threads) { |gate, thread| gate.push(true) && thread.join }
    clock[:now] += 5.1
    expect(passes?).to be(true)
  end

  it "does not let others join one that hangs" do
    with_a_clock
    described_class.attempt do
      clock[:now] += 0.9
      expect(Thread.new { passes? }.value).to be(true)
      clock[:now] += 0.2
      expect(Thread.new { passes? }.value).to be(false)
      nil
    end
  end

  it "takes a slow one for one that failed, unless the job ran meanwhile" do
    with_a_clock
    slow = lambda do |one|
      described_class.attempt do
        clock[:now] += 1.5
        one
      end
    end
    slow.call(PwbCrm::IntegrationSyncJob.new(1))
    expect(passes?).to be(true)
    slow.call(job)
    expect(passes?).to be(false)
  end

  it "does not take a thread of the parent for one that hangs, after a fork" do
    gate = Queue.new
    parent = Thread.new { described_class.attempt { gate.pop && job } }
    sleep 0.01 until gate.num_waiting == 1
    allow(monotonic).to receive(:now).and_return(monotonic.now + 60)
    pid = fork { exit!(passes? ? 0 : 1) }
    expect(Process.wait2(pid).last.exitstatus).to eq(0)
  ensure
    gate << true
    parent.join
  end

  # Real Redis, real Sidekiq client: enqueueing into a frozen one takes some six seconds.
  describe "with a Redis that stands still" do
    let(:site) { website }
    let!(:crm) { integration(site) }

    around { |example| RedisServer.start { |redis| (@redis = redis) && SidekiqWorker.client(redis, &example) } }

    def cost_of_ten_saves = seconds { 10.times { contact(site) } }

    it "costs the host one timeout, not one for each save, and loses nothing" do
      contact(site)
      @redis.freeze_up
      one_timeout = seconds { contact(site) }
      expect(one_timeout).to be > 1
      expect(cost_of_ten_saves).to be < one_timeout / 2
      expect(PwbCrm::Delivery.waiting.count).to eq(12)
      expect(reported.errors.size).to eq(1)
      expect(PwbCrm::Sweep.call).to be_empty

      @redis.thaw
      described_class.reset
      expect(PwbCrm::Sweep.call).to eq([crm.id])
    end

    it "that was killed costs nothing, and the sweep goes on after its restart" do
      @redis.kill
      expect(cost_of_ten_saves).to be < 5
      expect(reported.errors.size).to eq(1)

      @redis.start
      described_class.reset
      expect(PwbCrm::Sweep.call).to eq([crm.id])
    end
  end
end
