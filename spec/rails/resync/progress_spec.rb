# frozen_string_literal: true

require "rails_helper"

RSpec.describe "how fast a resync is" do
  include_context "with resyncs"

  before do
    stub_const("PwbCrm::Resync::Turn::SIZE", 2)
    stub_const("PwbCrm::Resync::Noting::ENOUGH", 2)
    people(6)
  end

  def turn(run)
    job.perform_now(run.id)
    all_due
    drain(crm)
    run.reload.progress
  end

  # Some moment of the run was a day ago.
  def a_day_passes(run)
    times = %w[counted_at rated_at].to_h { |name| [name, run.reload[name]&.-(1.day)] }
    run.update_columns(times)
  end

  it "is told from its start on, however long ago it was counted" do
    run = PwbCrm.resync(crm, start: false)
    count(run)
    a_day_passes(run)
    expect(run.progress).to include(state: "counted", rate: 0.0, eta_seconds: nil)
    run.start!
    expect(turn(run)).to include(delivered: 2, left: 4, rate: a_value > 0.01, eta_seconds: a_value < 600)
  end

  it "leaves out what it was paused, and what had arrived before" do
    run = PwbCrm.resync(crm)
    turn(run)
    a_day_passes(run)
    run.pause!
    expect(run.progress).to include(state: "paused", rate: 0.0, eta_seconds: nil)
    run.resume!
    expect(run.progress).to include(delivered: 2, rate: 0.0)
    expect(turn(run)).to include(delivered: 4, left: 2, rate: a_value > 0.01, eta_seconds: a_value < 600)
  end

  it "counts nobody as delivered who is erased before their turn comes" do
    stub_const("PwbCrm::Resync::Noting::ENOUGH", 9)
    run = PwbCrm.resync(crm)
    9.times { job.perform_now(run.id) }
    run.pause!
    expect(run.progress).to include(total: 6, left: 6)
    PwbCrm.erase(Pwb::Contact.first)
    all_due
    drain(crm)
    expect(run.reload.progress).to include(delivered: 0, left: 5)
    run.resume!
    run_to_end(run, crm)
    expect(run.progress).to include(state: "done", total: 5, delivered: 5, left: 0)
    expect(zoho.records("Contacts").size).to eq(5)
  end
end
