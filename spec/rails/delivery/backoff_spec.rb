# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain::Backoff do
  let(:kinds) do
    { PwbCrm::ConflictError => 5, PwbCrm::ConnectionError => 15, PwbCrm::TimeoutError => 15,
      PwbCrm::RemoteError => 30 }
  end
  let(:random) { Random.new(20_250_108) }

  before { allow(described_class).to receive(:rand) { random.rand } }

  def draws(error, attempts, times: 400) = Array.new(times) { described_class.seconds(error, attempts) }

  it "is spread evenly between a second and the error's own limit, which doubles with each attempt" do
    kinds.each do |type, base|
      (1..6).each do |attempts|
        waits = draws(type.new, attempts)
        limit = base * (2**(attempts - 1))
        expect(waits.minmax).to match([be_between(1, [limit * 0.1, 1].max), be_between(limit * 0.9, limit)])
        expect(waits.sum / waits.size).to be_within(limit * 0.1).of(limit / 2.0)
      end
    end
  end

  it "never exceeds six hours, however many attempts there were" do
    waits = [10, 12, 40, 5000].flat_map { |attempts| draws(PwbCrm::RemoteError.new, attempts, times: 200) }
    expect(waits.max).to be_between(0.95 * 6 * 3600, 6 * 3600)
  end

  it "takes a kind that it does not know for a failure of the remote" do
    expect(draws(PwbCrm::Error.new, 1).max).to be_between(27, 30)
  end

  it "after a worker's death is nothing first, then grows up to six hours" do
    waits = (1..20).map { |attempts| described_class.after_loss(attempts) }
    expect(waits.first(5)).to eq([0, 5, 10, 20, 40])
    expect(waits).to eq(waits.sort)
    expect(waits.last).to eq(6 * 3600)
  end
end
