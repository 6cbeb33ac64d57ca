# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain::Pace do
  def after(*pushes, slices: 5..10)
    pace = described_class.new(slices)
    pushes.each do |seconds|
      allow(PwbCrm.const_get(:Monotonic)).to receive(:now).and_return(0, seconds)
      pace.keep { :pushed }
    end
    pace.size
  end

  it "pushes as many as the provider takes" do
    expect(after).to eq(10)
    expect(after(0.9)).to eq(10)
    expect(after(slices: 3..3)).to eq(3)
  end

  it "pushes fewer once they take long, and all again once those are quick" do
    expect(after(1.1)).to eq(5)
    expect(after(1.1, 0.7)).to eq(5)
    expect(after(1.1, 0.4)).to eq(10)
    expect(after(30, slices: 3..3)).to eq(3)
  end

  it "begins with a few after an outage, then doubles, and claims no more than that" do
    pace = described_class.new(5..20, probe: true)
    sizes = Array.new(5) { [pace.size, pace.room(100)].tap { pace.keep { :pushed } } }
    expect(sizes).to eq([[3, 3], [6, 6], [12, 12], [20, 100], [20, 100]])
    expect(described_class.new(2..2, probe: true).size).to eq(2)
  end

  it "does not cut a batch, which takes as long when it is smaller" do
    expect(after(30, slices: 100..100)).to eq(100)
  end

  it "pushes several batches at once, and one by one where they take a third of what a push may" do
    expect(after(9, slices: 100..1000)).to eq(1000)
    expect(after(11, slices: 100..1000)).to eq(100)
    expect(after(11, 4, slices: 100..1000)).to eq(1000)
  end

  it "claims as many batches as it pushes at once" do
    pace = described_class.new(100..1000)
    expect([pace.room(100), pace.room(2)]).to eq([1000, 20])
    expect(described_class.new(5..32).room(100)).to eq(100)
  end
end
