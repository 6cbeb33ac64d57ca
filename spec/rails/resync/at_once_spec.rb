# frozen_string_literal: true

require "rails_helper"

RSpec.describe "resyncs that are asked for at once", :committed do
  include_context "with remotes"

  # What becomes of one, on a connection of its own.
  def ask
    Rails.application.executor.wrap { PwbCrm.resync(crm, start: false).state }
  rescue PwbCrm::ConfigurationError => e
    e.message
  end

  # Begins the other when this one is about to be written.
  def two_at_once
    other = nil
    first = StopAt.new(/INSERT INTO "pwb_integration_runs"/) { other = Thread.new { ask } }.run { ask }
    [first, other.value]
  end

  it "become one, and the other is told which it is" do
    told = two_at_once
    run = crm.resyncs.sole
    expect(told).to contain_exactly("counting", /is being resynced already: resync #{run.id} is counting/)
  end

  it "become one, however they meet" do
    crm
    3.times do
      told = Array.new(3) { Thread.new { ask } }.map(&:value)
      expect(told.count("counting")).to eq(1)
      expect(told).to include(/is being resynced already/).twice
      crm.resyncs.unfinished.sole.cancel!
    end
  end
end
