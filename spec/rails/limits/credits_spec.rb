# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Budget::Credits do
  let(:credits) { described_class.new("acme", 1000) }

  # From the beginning of an hour.
  before { pass(3600 - (Time.now.to_i % 3600)) }

  def hour = 3600

  it "leaves a tenth of the day to what people save" do
    credits.spend(600)
    credits.spend(100)
    credits.spend(0)
    expect([credits.look.room, credits.look.room(bulk: true)]).to eq([300, 200])
    credits.spend(250)
    expect([credits.look.room, credits.look.room(bulk: true)]).to eq([50, -50])
    expect(described_class.new("other", 1000).look.room).to eq(1000)
  end

  it "counts the last 24 hours, and tells when the oldest is over" do
    credits.spend(400)
    pass(2 * hour)
    credits.spend(600)
    expect(credits.look.room).to eq(0)
    expect(credits.look.wait).to be_within(60).of(23 * hour)
    pass(credits.look.wait)
    expect(credits.look.room).to eq(400)
    expect(credits.look.wait).to be_within(60).of(2 * hour)
    pass(credits.look.wait)
    expect(credits.look.room).to eq(1000)
  end

  it "believes the remote, which knows what others use, for an hour" do
    credits.spend(100)
    credits.learn(300)
    expect([credits.look.room, credits.look.room(bulk: true)]).to eq([300, 200])
    credits.spend(50)
    expect(credits.look.room).to eq(250)
    credits.learn(120)
    expect(credits.look.room).to eq(120)
    pass(hour + 60)
    expect(credits.look.room).to eq(850)
  end

  it "asks the remote again in an hour where its word is that nothing is left, however much we have counted" do
    credits.spend(100)
    pass(hour)
    credits.learn(0)
    expect([credits.look.room, credits.look.wait]).to match([0, be_between(3500, hour + 60)])
    pass(credits.look.wait)
    expect(credits.look.room).to eq(900)
    credits.spend(900)
    credits.learn(0)
    expect(credits.look.wait).to be_within(120).of(23 * hour)
  end

  [0, -1, 10**18, Float::NAN, Float::INFINITY, "soon", nil].each do |told|
    it "stands a remote that tells of #{told.inspect}" do
      credits.learn(told)
      expect(credits.look.room).to be_between(0, 1000)
      pass(hour + 60)
      expect(credits.look.room).to eq(1000)
    end
  end

  it "is looked at once for all that is asked of it" do
    credits.spend(100)
    credits.learn(500)
    looks = statements_of { credits.look.then { |now| [now.room, now.room(bulk: true), now.wait] } }
    expect(looks.size).to eq(1)
  end

  it "knows of no limit until the remote tells what is left" do
    unknown = described_class.new("acme", nil)
    endless = Float::INFINITY
    expect([unknown.look.room, unknown.look.room(bulk: true), unknown.look.wait]).to eq([endless, endless, hour])
    unknown.spend(20)
    expect(unknown.look.room).to eq(Float::INFINITY)
    unknown.learn(700)
    expect([unknown.look.room, unknown.look.room(bulk: true)]).to eq([700, 200])
  end

  it "adds up what several use at once" do
    3.times { described_class.new("acme", 1000).spend(7) }
    expect(PwbCrm::Budget.where(account: "acme").pluck(:used)).to eq([21, 21])
  end
end
