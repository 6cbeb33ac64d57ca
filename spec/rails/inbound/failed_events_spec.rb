# frozen_string_literal: true

require "rails_helper"

RSpec.describe "Inbound events that failed" do
  include_context "with a Zendesk user"

  let(:model) { PwbCrm::InboundEvent }
  let!(:failed) do
    link
    Array.new(2) do |i|
      user_event(i.to_s, at: i).tap do |event|
        event.update!(state: "failed", attempts: 8, error_code: "handler_failed", settled_at: i.hours.ago,
                      error_message: "It raised IOError.")
      end
    end
  end

  def states = model.order(:id).pluck(:state)

  it "are applied again, with all their attempts before them" do
    expect(model.replay(code: "other")).to eq(0)
    expect { expect(model.replay(since: 5.minutes.ago, integration: desk, code: "handler_failed")).to eq(1) }
      .to have_enqueued_job(PwbCrm::IntegrationInboundJob).with(desk.id).once
    expect(failed.first.reload).to have_attributes(state: "pending", attempts: 0, settled_at: nil)
    failed.last.replay!(by: "Ana")
    apply
    expect([phone, states]).to eq(["1", %w[applied applied]])
  end

  it "are woken once the app's transaction has ended, and not before", :committed do
    ActiveJob::Base.queue_adapter.enqueued_jobs.clear
    model.transaction { expect { model.replay }.not_to have_enqueued_job }
    expect(PwbCrm::IntegrationInboundJob).to have_been_enqueued.with(desk.id)
  end

  it "are put aside, without what they held" do
    expect(model.where(id: failed.first.id).discard(by: "Ana\0")).to eq(1)
    expect(failed.first.reload).to have_attributes(
      state: "ignored", error_code: "discarded", payload: nil, cure: /Nothing to do/,
      error_message: "discarded by Ana. Before: It raised IOError."
    )
    failed.last.update!(error_message: nil)
    failed.last.discard!
    expect(failed.last.error_message).to eq("discarded.")
  end

  it "leave alone, and say so, what has not failed" do
    failed.first.discard!
    %i[replay! discard!].each do |verb|
      expect { failed.first.public_send(verb) }
        .to raise_error(PwbCrm::ConfigurationError,
                        /event #{failed.first.id} is ignored, so .*#{verb[..-2]}\. What was/)
    end
    expect(model.replay).to eq(1)
    expect(states).to eq(%w[ignored pending])
  end

  it "are told to those who listen, with who did so" do
    heard = []
    listener = ->(event) { heard << [event.name, *event.payload.values_at(:count, :by)] }
    ActiveSupport::Notifications.subscribed(listener, /_events\.pwb_crm/) do
      failed.first.replay!(by: "Ana")
      model.discard(by: "Bo")
    end
    expect(heard).to eq([["replay_events.pwb_crm", 1, "Ana"], ["discard_events.pwb_crm", 1, "Bo"]])
  end

  describe "by task" do
    def task(name, **env) = expect { rake(name, **env) }

    it "are listed with what they are about, why they failed and what to do" do
      one = failed.last
      expect(one.cure).to be_present
      line = "#{one.id}  user.phone_changed of user/42, #{desk.label}  failed since #{one.settled_at.utc.iso8601}, " \
             "8 attempt(s), handler_failed\n    It raised IOError. #{one.cure}\n"
      task("failed_events", ID: one.id).to output("#{line}pwb_crm: 1 failed event(s)\n").to_stdout
      task("failed_events").to output(/pwb_crm: 2 failed event\(s\)\n\z/).to_stdout
    end

    it "are applied again or put aside, by name only" do
      %w[replay_events discard_events].each do |name|
        task(name).to raise_error(PwbCrm::ConfigurationError, /Say which: .*pwb_crm:failed_events lists them/)
      end
      task("replay_events", ID: failed.first.id).to output("pwb_crm: 1 will be applied again\n").to_stdout
      task("replay_events", ID: failed.map(&:id).join(","))
        .to raise_error(PwbCrm::ConfigurationError, /inbound event #{failed.first.id} is pending/)
      task("discard_events", ALL: 1, BY: "Ana").to output("pwb_crm: discarded 1\n").to_stdout
      expect(states).to eq(%w[pending ignored])
    end
  end
end
