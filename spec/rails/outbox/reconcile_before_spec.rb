# frozen_string_literal: true

require "rails_helper"

# What was there before an integration was switched on goes nowhere unless somebody asks, whatever is switched, counted
# and looked for. What changed since does.
RSpec.describe "what was there before an integration" do
  let(:site) { website }
  let(:crm) { integration(site, active: false) }
  let(:remote) { ScriptedProvider }

  def before_connecting(count, **attributes)
    rows = Array.new(count) { { website_id: site.id, first_name: "Old", updated_at: 1.minute.ago, **attributes } }
    Pwb::Contact.insert_all(rows)
    Pwb::Contact.order(:id).last(count)
  end

  def switch(**values) = PwbCrm::Integration.find(crm.id).update!(values)

  def off_and_on
    switch(active: false)
    yield if block_given?
    switch(active: true)
  end

  # All jobs that may be at it, each night and each minute.
  def everything_runs
    2.times do
      PwbCrm::Reconcile.call
      PwbCrm::Sweep.drain
      all_due
      drain(crm)
    end
  end

  def sent = remote.pushed.flatten.map { |work| work[:record][:id].to_s }

  def only_count
    run = PwbCrm.resync(crm.reload, start: false)
    PwbCrm::IntegrationResyncJob.perform_now(run.id)
    run.reload
  end

  it "stays where it is when it is made switched off, switched on later, counted, and switched off and on" do
    before_connecting(3)
    pass_time_of_setup
    [-> { switch(active: true) }, -> { only_count }, -> { off_and_on }, -> { switch_kind_off_and_on }].each do |step|
      step.call
      everything_runs
      expect(sent).to be_empty
    end
    expect(crm.resyncs.sole).to have_attributes(state: "counted", planned: 4)
  end

  # The row is there, and the tenant's admin takes a while to switch it on.
  def pass_time_of_setup
    crm
    contact(site)
  end

  def switch_kind_off_and_on
    switch(sync_contacts: false)
    switch(sync_contacts: true)
  end

  it "goes once it has changed: noted by its save, saved while it was off, or written past the callbacks" do
    saved, meanwhile, bypassed, untouched = before_connecting(4)
    switch(active: true)
    only_count
    saved.update!(first_name: "Eva")
    bypassed.update_columns(first_name: "Mia", updated_at: Time.current)
    off_and_on { meanwhile.update!(first_name: "Zoe") }
    everything_runs
    expect(sent).to match_array([saved, meanwhile, bypassed].map { |record| record.id.to_s })
    expect(sent).not_to include(untouched.id.to_s)
  end

  it "is what an explanation says was never noted, with the way to send it" do
    record = before_connecting(1).sole
    pass_time_of_setup
    switch(active: true)
    expect(PwbCrm.explain(record, integration: crm.reload).verdict)
      .to include("first switched on at #{crm.connected_at.utc.to_fs(:db)}", "PwbCrm.resync(integration)")
  end

  it "is told from the first time on, whatever is saved of the integration afterwards" do
    expect(crm).to have_attributes(connected_at: nil, status_message: /not been switched on yet.* resync/)
    switch(name: "Still off")
    expect(crm.reload.connected_at).to be_nil
    switch(active: true)
    first = crm.reload.connected_at
    expect(first).to be_within(60).of(Time.current)
    off_and_on
    expect(crm.reload.connected_at).to eq(first)
    expect(integration(site).connected_at).to be_within(60).of(Time.current)
  end
end
