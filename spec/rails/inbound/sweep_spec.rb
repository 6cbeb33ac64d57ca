# frozen_string_literal: true

require "rails_helper"

RSpec.describe "What makes inbound events go on" do
  include_context "with a Zendesk user"

  it "makes room for others when its time is over, and has a job go on" do
    link
    events = Array.new(3) { |i| user_event(i.to_s, at: i) }
    configure(drain_budget: 0.000001)
    expect { apply }.to have_enqueued_job(PwbCrm::IntegrationInboundJob).with(desk.id).once
    expect(events.map { |event| event.reload.attributes.values_at("state", "attempts") })
      .to eq([["applied", 1], ["pending", 0], ["pending", 0]])
  end

  it "finds events that are due, and those whose worker died, and no others" do
    link
    event = user_event("1")
    sweep = -> { PwbCrm::Sweep.call }
    expect(&sweep).to have_enqueued_job(PwbCrm::IntegrationInboundJob).with(desk.id)
    event.update!(run_at: 1.minute.from_now)
    expect(&sweep).not_to have_enqueued_job(PwbCrm::IntegrationInboundJob)
    event.update!(state: "applying", attempts: 1, claimed_at: 50.seconds.ago)
    expect(&sweep).not_to have_enqueued_job(PwbCrm::IntegrationInboundJob)
    event.update!(claimed_at: 61.seconds.ago)
    expect(&sweep).to have_enqueued_job(PwbCrm::IntegrationInboundJob)
    PwbCrm::Sweep.drain
    expect([phone, event.reload.attempts]).to eq(["1", 2])
  end

  it "says of what is applied again that its worker died, and not that it always does" do
    event = user_event("1")
    event.update!(state: "applying", attempts: 7, claimed_at: 61.seconds.ago, begun_at: 60.seconds.ago)
    PwbCrm::InboundEvent.recover(desk.id)
    expect(event.reload).to have_attributes(state: "pending", error_code: nil,
                                            error_message: /\AA worker died at .*#{event.id}; it is applied again/)
  end

  it "gives up on what has killed its worker each time" do
    event = user_event("1")
    event.update!(state: "applying", attempts: 8, claimed_at: 61.seconds.ago, begun_at: 60.seconds.ago)
    configure(notify: ->(_notice) {})
    expect { PwbCrm::Inbound.drain }.to have_enqueued_job(PwbCrm::IntegrationNotifyJob)
      .with(include(name: :inbound_failed, why: /worker died in the last attempt.*#{event.id}/))
    expect(event.reload).to have_attributes(state: "failed", error_code: "worker_died", cure: /replay the event/)
  end

  it "lets who was only slow write nothing" do
    link
    event = user_event("1")
    slow = PwbCrm::InboundEvent.claim(desk.id, limit: 1).sole
    event.update!(claimed_at: 61.seconds.ago)
    apply
    expect(PwbCrm::Inbound::Applying.new(slow, desk).call).to be_nil
    expect([taken.size, event.reload.attempts]).to eq([1, 1])
  end
end
