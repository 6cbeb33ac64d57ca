# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Providers::Limits do
  let(:limit) { described_class::Limit }

  # How many come within a period that begins in the midst of a burst, as a token bucket gives them out.
  def in_a_window(of) = of.burst + (of.period / of.step).floor

  it "stays below what the remote allows in any window, and uses nine tenths of it in the long run" do
    [[700, 60], [200, 60], [100, 60], [2500, 60], [30, 600]].each do |count, period|
      one = limit.new(bucket: "requests", count:, period:)
      expect(in_a_window(one)).to be <= count
      expect(period / one.step / count).to be_within(0.001).of(0.92)
    end
  end

  it "makes no burst of one in a second" do
    expect(limit.new(bucket: "user_writes", count: 1, period: 1)).to have_attributes(burst: 1, step: be > 1)
  end

  it "finds a limit by its bucket" do
    requests = limit.new(bucket: "requests", count: 700, period: 60)
    limits = described_class.new([requests], concurrency: 4)
    expect(limits).to have_attributes(all: [requests], concurrency: 4, credits: nil, none?: false).and be_frozen
    expect(limits["requests"]).to eq(requests)
    expect(limits["credits"]).to be_nil
    expect(described_class::NONE).to be_none
    expect(described_class.new([], credits: 5000)).not_to be_none
  end
end
