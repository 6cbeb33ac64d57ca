# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain::Pace do
  def after(*pushes, slice: 10)
    pace = described_class.new(slice)
    pushes.each do |seconds|
      allow(PwbCrm.const_get(:Monotonic)).to receive(:now).and_return(0, seconds)
      pace.keep { :pushed }
    end
    pace.size
  end

  it "pushes as many as the provider takes" do
    expect(after).to eq(10)
    expect(after(0.9)).to eq(10)
    expect(after(slice: 3)).to eq(3)
    expect(after(slice: 0)).to eq(1)
  end

  it "pushes fewer once they take long, and all again once those are quick" do
    expect(after(1.1)).to eq(5)
    expect(after(1.1, 0.7)).to eq(5)
    expect(after(1.1, 0.4)).to eq(10)
    expect(after(30, slice: 3)).to eq(3)
  end

  it "begins with a few after an outage, then doubles, and claims no more than that" do
    pace = described_class.new(20, probe: true)
    sizes = Array.new(5) { [pace.size, pace.room(100)].tap { pace.keep { :pushed } } }
    expect(sizes).to eq([[3, 3], [6, 6], [12, 12], [20, 100], [20, 100]])
    expect(described_class.new(2, probe: true).size).to eq(2)
  end

  it "does not cut batches, which take as long when they are smaller" do
    expect(after(30, slice: 100)).to eq(100)
  end
end
