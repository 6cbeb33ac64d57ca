# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Budget do
  let(:requests) { ask("requests", 0.5, 10) }
  let(:writes) { ask("user_writes", 1.0, 1) }

  def ask(bucket, step, burst, weight = 1) = described_class::Ask.new(bucket:, step:, burst:, weight:)

  def take(asks = [requests], account: "acme", **) = described_class.take(account, asks, **)

  def granted(...) = take(...).count

  # Waits as the database's clock does.
  def after(seconds)
    pass(seconds)
    yield
  end

  it "gives a burst, then one for each step" do
    expect(granted(most: 100, least: 1)).to eq(10)
    expect(granted).to eq(0)
    expect(after(0.6) { granted(most: 100, least: 1) }).to eq(1)
    expect(after(2.0) { granted(most: 100, least: 1) }).to eq(4)
    expect(after(600) { granted(most: 100, least: 1) }).to eq(10)
  end

  it "gives at least what is worth it, or nothing, and tells when to ask again" do
    take(most: 10)
    refused = take(least: 4, most: 10)
    expect(refused).to have_attributes(count: 0, wait: be_within(0.3).of(2.0))
    expect(after(refused.wait + 0.01) { granted(least: 4, most: 10) }).to be_between(4, 5)
  end

  it "asks for no more than can be had at once" do
    expect(granted([requests, writes], least: 10, most: 10)).to eq(1)
    expect(after(5) { granted([ask("requests", 0.5, 10, 4)], least: 10, most: 10) }).to eq(2)
    expect(granted([ask("few", 1.0, 1, 2)], least: 1)).to eq(1)
  end

  it "gives from all or from none" do
    expect(granted([requests, writes])).to eq(1)
    expect(take([requests, writes])).to have_attributes(count: 0, wait: be_within(0.5).of(1.0))
    expect(granted([requests], most: 20)).to be_between(9, 10)
  end

  it "keeps accounts apart" do
    take(most: 10)
    expect(granted(account: "other", most: 10)).to eq(10)
    expect(granted([], most: 7)).to eq(7)
  end

  it "takes back what was not used, and takes more of what was" do
    take(most: 10)
    described_class.correct("acme", [ask("requests", 0.5, 10, -4)])
    expect(granted(least: 1, most: 10)).to be_between(4, 5)
    described_class.correct("acme", [ask("requests", 0.5, 10, 10), ask("user_writes", 1.0, 1, 0)])
    expect(take.wait).to be_within(0.5).of(5.5)
    described_class.correct("new", [ask("requests", 0.5, 10, 10)])
    expect(granted(account: "new")).to eq(0)
  end

  it "moves what one account took to another, if it was the same" do
    take(most: 6, account: "own")
    take(most: 3)
    described_class.block("own", 30, bucket: "user_writes")
    described_class.move("own", "acme")
    expect([granted(least: 1, most: 10), take([writes]).count]).to eq([1, 0])
    expect(described_class.where(account: "own")).to be_empty
    described_class::Credits.new("own", 100).spend(10)
    described_class::Credits.new("acme", 100).spend(20)
    described_class.move("own", "acme")
    expect(described_class::Credits.new("acme", 100).look.room).to eq(70)
    described_class::Credits.new("own", 100).learn(50)
    described_class.move("own", "acme")
    expect(described_class::Credits.new("acme", 100).look.room).to eq(50)
  end

  it "moves all of it, or nothing" do
    take(most: 6, account: "own")
    stop = StopAt.new(/DELETE/) { raise "killed" }
    expect { stop.run { described_class.move("own", "acme") } }.to raise_error(/killed/)
    expect(described_class.pluck(:account)).to eq(["own"])
  end

  it "gives nothing while it is blocked" do
    take
    described_class.block("acme", 30, bucket: "requests")
    expect(take).to have_attributes(count: 0, wait: be_within(1).of(30))
    expect(granted([writes])).to eq(1)
    described_class.block("acme", 90)
    described_class.block("acme", 10)
    expect(take([writes]).wait).to be_within(1).of(90)
    expect(described_class.blocked("acme")).to be_within(1).of(90)
    expect(described_class.blocked("other")).to eq(0)
    expect(after(91) { granted(most: 10) }).to eq(10)
  end

  describe "of a limit that lets one go at a time" do
    let(:limit) { PwbCrm::Providers::Limits::Limit.new(bucket: "user_writes", count: 1, period: 1) }

    def widen = described_class.widen("acme", limit)

    # Seconds that one has to wait for the next.
    def gap
      pass(10)
      take([described_class::Ask.of(limit)])
      take([described_class::Ask.of(limit)]).wait
    end

    it "lets more time pass after each refusal, and never more than twice as much" do
      gaps = Array.new(5) { gap.tap { widen } }
      expect(gaps).to match([1.087, 1.191, 1.421, 1.926, 2.0].map { |seconds| be_within(0.05).of(seconds) })
    end

    it "lets as much pass as before once there was none for ten minutes" do
      widen
      pass(500)
      expect(gap).to be_within(0.05).of(1.191)
      pass(100)
      expect(gap).to be_within(0.05).of(1.087)
    end

    it "lets nobody go faster than the remote has told, nor for longer than that" do
      learn(limit: 20, remaining: 1, reset: 300)
      expect { widen }.not_to(change { slow })
      pass(301)
      widen
      expect(slow).to match([be_within(0.01).of(1.191), be_within(5).of(PwbCrm::Sql.present + 600)])
    end

    it "does not end sooner than what the remote has told" do
      learn(limit: 2000, remaining: 700, reset: 900)
      told = slow.last
      widen
      expect(slow).to match([be_within(0.01).of(1 + (2.2 * ((900 / 630.0) - 1))), told])
    end

    def learn(**told) = described_class.learn("acme", { "user_writes" => told }, { "user_writes" => limit.step })

    def slow = described_class.where(account: "acme", bucket: "user_writes").pick(:slow_step, :slow_until)
  end

  describe "what replies tell" do
    def learn(**told) = described_class.learn("acme", { "requests" => told }, { "requests" => 0.5 })

    it "slows down where others use the account, until it is as good as new" do
      learn(limit: 120, remaining: 20, reset: 40)
      expect(granted(most: 10)).to eq(10)
      expect(take.wait).to be_within(0.3).of(40 / 18.0)
      expect(described_class.seen("acme")).to eq("requests" => 120)
      expect(after(41) { [granted(most: 10), take.wait] }).to match([10, be_within(0.2).of(0.5)])
    end

    it "does not where only we do" do
      learn(limit: 120, remaining: 90, reset: 40)
      take(most: 10)
      expect(take.wait).to be_within(0.2).of(0.5)
    end

    it "stops where nothing is left" do
      learn(remaining: 0, reset: 40)
      expect(take).to have_attributes(count: 0, wait: be_within(1).of(40))
    end

    [0, -1, 10**18, 1e18, Float::NAN, Float::INFINITY, "soon", nil].each do |told|
      it "is not stopped for more than a day by #{told.inspect}" do
        learn(limit: told, remaining: told, reset: told)
        learn(limit: told, remaining: 0, reset: told)
        expect(described_class.seen("acme").values).to all(be_between(1, 1_000_000))
        expect(take.wait).to be <= 86_400
        expect(after(86_401) { granted(most: 10) }).to eq(10)
      end
    end

    it "keeps what a reply leaves out" do
      learn(limit: 120, remaining: 90, reset: 40)
      learn(remaining: 80, reset: 39)
      learn(limit: 120)
      expect(described_class.sole).to have_attributes(seen_limit: 120, remaining: 80)
    end
  end

  it "never gives more than the limit to several processes, in any window", :committed do
    grants = taken_by(4, step: 0.01, burst: 10, seconds: 1)
    expect(grants.sum(&:last)).to be > 1 / 0.01 / 4
    expect(excesses(grants, step: 0.01, burst: 10)).to eq([])
  end

  def taken_by(processes, step:, burst:, seconds:)
    arguments = ["acme", step, burst, processes, seconds].map(&:to_s)
    JSON.parse(IO.popen([RbConfig.ruby, script("taker"), *arguments], &:read))
  end

  # Windows in which more was given for certain.
  def excesses(grants, step:, burst:)
    begins, ends = grants.transpose
    windows = begins.product(ends).select { |from, to| to > from }
    windows.select { |from, to| within(grants, from, to) > burst + ((to - from) / step) + 1 }
  end

  # What began and ended within the window.
  def within(grants, from, to)
    grants.sum { |before, after, count| before >= from && after <= to ? count : 0 }
  end
end
