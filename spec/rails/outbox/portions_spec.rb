# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Sql::Portions do
  let(:items) { (1..100).to_a }
  let(:held) { [] }
  let(:written) { [] }
  let(:tries) { [] }

  def attempt(some, error = ActiveRecord::LockWaitTimeout)
    tries << some
    raise error if some.intersect?(held)

    written.concat(some)
  end

  def write = described_class.write(items) { |some| attempt(some) }

  it "writes all at once where nothing is in the way" do
    expect(write).to eq([])
    expect(tries).to eq([items])
  end

  it "leaves only what is in the way, without a try for each" do
    [[1], [100], [50, 51], [1, 40, 100]].each do |ids|
      [written, tries].each(&:clear)
      held.replace(ids)
      expect(write).to eq(ids)
      expect(written).to eq(items - ids)
      expect(tries.size).to be <= 45
    end
  end

  it "leaves all, if need be" do
    held.replace(items)
    expect([write, written]).to eq([items, []])
  end

  it "takes other errors for the same only where it is told to" do
    held << 7
    unique = ActiveRecord::RecordNotUnique
    expect(described_class.write(items, unique) { |some| attempt(some, unique) }).to eq([7])
    expect { described_class.write(items) { |some| attempt(some, unique) } }.to raise_error(unique)
  end

  it "writes the first ones where those behind have to wait for them" do
    held << 30
    expect(described_class.foremost(items) { |some| attempt(some) }).to eq((1..25).to_a)
    expect(written).to eq((1..25).to_a)
  end

  it "has nothing to do with nothing" do
    expect(described_class.write([]) { |some| attempt(some) }).to eq([])
    expect(tries).to be_empty
  end
end
