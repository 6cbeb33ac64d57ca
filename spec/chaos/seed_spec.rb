# frozen_string_literal: true

require "spec_helper"
require "active_support/all"
require_relative "streams"
require_relative "fate"
require_relative "mark"
require_relative "options"

RSpec.describe "The plan of a chaos run" do
  def plan(seed)
    streams = Chaos::Streams.new(seed)
    workers = [0, 1, 2].product((1..9).to_a).map { |place| befall(Chaos::Fate.new(streams, *place)) }
    weather = Array.new(50) { |call| Chaos::Streams.pick(streams.of("weather", "w1", call), fine: 70, reset: 30) }
    [workers, weather]
  end

  # What befalls a worker that comes by every step again and again.
  def befall(fate)
    steps = Chaos::Fate::STEPS.uniq.cycle.first(200)
    step = steps.find { |one| @signal = fate.at(one) }
    [step, @signal]
  end

  it "is the same for the same seed, and another for another" do
    first = plan(7)
    expect(plan(7)).to eq(first)
    expect(plan(8)).not_to eq(first)
  end

  it "kills at every step, and stops some" do
    steps, signals = plan(7).first.transpose
    expect(steps.uniq).to match_array(Chaos::Fate::STEPS.uniq)
    expect(signals.uniq).to contain_exactly(:KILL, :STOP)
  end

  it "marks a record's version so that it is found in any text" do
    mark = Chaos::Mark.new(kind: "c", tenant: 3, saver: 102, number: 45, version: 9)
    expect(Chaos::Mark.all("Ana #{mark.next} (#{mark})").map(&:version)).to eq([10, 9])
    expect(Chaos::Mark.in("Ana #{mark}, #{mark.next}", "c")).to eq(mark.next)
    expect(Chaos::Mark.in("c3s102n45v9x and xc3s102n45v9", "c")).to be_nil
  end

  it "goes on until all that was asked for is reached" do
    both = Chaos::Options.from("KILLS" => "200", "SAVES" => "20000", "SEED" => "1")
    expect(both).not_to be_done(elapsed: 900, saves: 20_000, kills: 199)
    expect(both).to be_done(elapsed: 900, saves: 20_000, kills: 200)
    expect(Chaos::Options.from({})).to be_done(elapsed: 120, saves: 0, kills: 0)
  end
end
