# frozen_string_literal: true

require "rails_helper"

RSpec.describe "a resync of an integration that is switched off and on" do
  include_context "with resyncs"

  before { people(5) }

  def switch(**values) = PwbCrm::Integration.find(crm.id).update!(values)

  def running
    run = PwbCrm.resync(crm, start: false)
    count(run)
    run.start!
  end

  # While a chunk is being read.
  def in_the_middle(run, **values)
    stub_const("PwbCrm::Resync::Turn::SIZE", 2)
    StopAt.new(/SELECT "pwb_contacts"."id" FROM/) { switch(**values) }.run { job.perform_now(run.id) }
  end

  it "in the middle of a turn leaves nothing out: it stops there, and goes on once it is on" do
    run = running
    in_the_middle(run, active: false)
    expect([run.reload.state, run.noted, made(crm)]).to eq(["running", 0, {}])
    2.times { job.perform_now(run.id) }
    switch(active: true)
    pass(PwbCrm::Resync::LOST + 1)
    expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(run.id, String)
    expect(run_to_end(run, crm).progress).to include(state: "done", noted: 5, delivered: 5)
  end

  it "goes on at once with other settings that it was given in the middle of a turn" do
    run = running
    in_the_middle(run, name: "Another")
    expect(run_to_end(run, crm).progress).to include(state: "done", noted: 5, delivered: 5)
  end

  it "while it is paused goes on when it is resumed and on again, whichever comes first" do
    run = running
    job.perform_now(run.id)
    run.pause!
    switch(active: false)
    run.resume!
    job.perform_now(run.id)
    expect(run.reload.progress).to include(state: "running", left: 5)
    switch(active: true)
    expect(run_to_end(run, crm).progress).to include(state: "done", delivered: 5)
  end

  it "says why it does not go on" do
    run = running
    job.perform_now(run.id)
    switch(active: false)
    expect(run.reload.to_s).to match(/is running: 0 of 5 delivered, .* 5 left\. It is switched off\./)
  end

  it "ends with its integration, and what had not arrived does not count as delivered" do
    run = running
    job.perform_now(run.id)
    PwbCrm::Delivery.limit(2).order(:id).update_all(state: "succeeded")
    crm.reload.disconnect!(audit: :keep)
    PwbCrm::Removal.call
    expect(PwbCrm::Delivery.where(integration: crm)).to be_empty
    expect(run.reload).to have_attributes(state: "cancelled", reason: /disconnected/, finished_at: be_present)
    expect(run.progress).to include(delivered: 2, left: 0, dead: 0)
    expect(run.to_s).to match(/is cancelled: 2 of 2 delivered, .* Its integration was disconnected\./)
  end

  it "while it counts, paused or not, counts each record once" do
    stub_const("PwbCrm::Resync::Turn::SIZE", 2)
    run = PwbCrm.resync(crm, start: false)
    StopAt.new(/UPDATE "pwb_integration_runs" SET "cursor"/) { run.pause! }.run { count(run) }
    expect([run.reload.state, run.counts]).to eq(["paused", {}])
    count(run)
    expect(run.reload.resume!.state).to eq("counting")
    switch(active: false)
    count(run)
    expect(run.reload.to_s).to include("is counting. It is switched off")
    switch(active: true)
    count(run)
    expect(run.reload).to have_attributes(state: "counted", counts: include("contact" => include("create" => 5)))
  end
end
