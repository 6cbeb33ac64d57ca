# frozen_string_literal: true

require "rails_helper"

# How a change of health is told, and to how many.
RSpec.describe PwbCrm::Integration::Watch do
  include_context "with health"

  it "tells of health once, however many look at the same time" do
    crm.update_columns(state: "paused", state_reason: "On holiday.")
    same = Array.new(4) { again }
    same.each { |one| described_class.review(one) }
    expect(told).to eq([%i[healthy paused_by_you]])
  end

  it "does not flap: troubles are over when they have been for a minute" do
    2.times { contact(site) }
    fails(status: 503)
    drain(crm)
    works
    all_due
    drain(crm)
    expect(health.state).to eq(:healthy)
    expect(told).to eq([%i[healthy degraded]])
    pass(70)
    PwbCrm::Sweep.call
    expect(told).to eq([%i[healthy degraded], %i[degraded healthy]])
  end

  it "looks at each in turn, however many are not well and stay so" do
    stub_const("PwbCrm::Integration::Rounds::MANY", 2)
    others = Array.new(5) { integration(site).tap { |one| one.pause!("On holiday.") } }
    late = [crm, *others]
    late.each { |one| one.update_columns(state: "ready", state_reason: nil) }
    seen = lambda do
      PwbCrm::Sweep.call
      late.map { |one| PwbCrm::Integration.where(id: one.id).pick(:health) }
    end
    crm.update_columns(health: "paused_by_us")
    others.first(3).each { |one| one.update_columns(state: "paused") }
    expect(Array.new(3) { seen.call }.last).to eq(%w[healthy] + (%w[paused_by_you] * 3) + (%w[healthy] * 2))
    crm.update_columns(health: "paused_by_us")
    expect(Array.new(2) { seen.call }.last.first).to eq("healthy")
  end

  it "tells of health once where troubles come and go" do
    6.times do
      2.times { contact(site) }
      fails(status: 503)
      drain(crm)
      works
      all_due
      drain(crm)
      expect(health.state).to eq(:healthy)
      pass(50)
      PwbCrm::Sweep.call
    end
    expect(told).to eq([%i[healthy degraded]])
    pass(20)
    PwbCrm::Sweep.call
    expect(told.last).to eq(%i[degraded healthy])
  end

  it "tells with an event, too" do
    payloads = []
    note = ->(event) { payloads << event.payload }
    ActiveSupport::Notifications.subscribed(note, "health.pwb_crm") { crm.pause!("On holiday.") }
    expect(payloads.sole).to include(integration_id: crm.id, was: "healthy", state: "paused_by_you",
                                     reason: "On holiday.", since: be_within(10).of(Time.current))
  end

  it "tells nothing while the transaction that changes health is open, or if it is rolled back" do
    PwbCrm::ApplicationRecord.transaction(requires_new: true) do
      crm.pause!("On holiday.")
      raise ActiveRecord::Rollback
    end
    expect(told).to be_empty
    expect(again[:health]).to eq("healthy")
  end

  it "hurts nobody where health cannot be found out" do
    allow(PwbCrm::Integration::Diagnosis).to receive(:new).and_raise(ActiveRecord::StatementInvalid, "gone")
    reported = []
    allow(PwbCrm::Report).to receive(:call) { |error, **| reported << error }
    expect { crm.pause!("On holiday.") }.not_to raise_error
    expect(reported.size).to eq(1)
  end
end
