# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the job that takes back what a disconnected integration has at the remote" do
  include_context "with farewells"

  it "is tried again where the remote is down, later each time, and at last given up and told" do
    zoho.fail_next(100, status: 503)
    contact(site)
    expect { part(crm) }.to have_enqueued_job(job).with(crm.id).at(a_value_within(20).of(60.seconds.from_now))
    pass(1800)
    expect { remove(crm) }.to have_enqueued_job(job).with(crm.id).at(a_value_within(60).of(1800.seconds.from_now))
    expect([PwbCrm::Delivery.where(integration: crm).count, reported.errors]).to eq([0, []])

    pass(86_400)
    expect { remove(crm) }.not_to have_enqueued_job(job)
    expect(row(crm)).to be_nil
    expect(reported.errors.sole).to be_a(PwbCrm::RemoteError)
  end

  it "keeps no other integration waiting that was disconnected too, nor the prune" do
    [desk, crm].sort_by(&:id).each(&:disconnect!)
    first = [desk, crm].min_by(&:id)
    allow(PwbCrm::Receipt).to receive(:abandon).and_call_original
    allow(PwbCrm::Receipt).to receive(:abandon).with(first.id, anything).and_raise(ActiveRecord::StatementTimeout)
    expect(PwbCrm::Pruning.call).to include(integrations: 1)
    expect(PwbCrm::Integration.where(id: [desk, crm])).to eq([first])
    expect([reported.errors.map(&:class), reported.contexts.sole.dig(:context, :doing)])
      .to eq([[ActiveRecord::StatementTimeout], "removing integration #{first.id}"])
  end

  it "goes on where it was" do
    hooks(webhook: "01GA")
    zendesk.fail_next(1, status: 503, only: ->(request) { request.path.include?("oauth") })
    part(desk)
    expect(row(desk)).to have_attributes(hooks: [], farewell_done_at: nil)
    remove(desk)
    expect(asked(zendesk).grep(/DELETE/)).to eq(["DELETE /api/v2/webhooks/01GA", "DELETE /api/v2/oauth/tokens/1"])
    expect(row(desk)).to be_nil
  end

  it "is done by one job at a time, because two would end each other's tokens" do
    desk.disconnect!
    stop = StopAt.new(/UPDATE .* SET .*"?hooks/) do
      expect { remove(desk) }.to have_enqueued_job(job).with(desk.id).at(a_value > 10.seconds.from_now)
    end
    stop.run { remove(desk) }
    expect(asked(zendesk)).to eq(["GET /api/v2/oauth/tokens/current", "DELETE /api/v2/oauth/tokens/1"])
    expect([row(desk), reported.errors]).to eq([nil, []])
  end

  it "is taken up by another job when the first one dies, once its lease has ended" do
    desk.disconnect!
    PwbCrm::Lease.acquire(desk.id)
    remove(desk)
    expect([zendesk.requests.size, row(desk).farewell_done_at]).to eq([0, nil])
    pass(PwbCrm::Lease.time + 1)
    remove(desk)
    expect([zendesk.requests.size, row(desk)]).to eq([2, nil])
  end

  it "stops without another word when somebody else has taken over" do
    desk.disconnect!
    stop = StopAt.new(/UPDATE .* SET .*"?hooks/) do
      PwbCrm::Integration.where(id: desk.id).note(lease_token: Arel.sql("lease_token + 1"))
    end
    stop.run { remove(desk) }
    expect([zendesk.requests.size, row(desk).farewell.present?]).to eq([0, true])
    expect(reported.errors.sole).to be_a(PwbCrm::Lease::Lost)
  end

  describe "of a provider that raises" do
    let(:theirs) { integration(site, config: { access_token: "t" }) }

    def raising(step, fault)
      faulty = Class.new(ScriptedProvider) do
        def farewell = { "token" => "t" }
        def hook_types = %w[webhook]
        define_method(step) { |*| raise fault }
      end
      stub_const("ScriptedProvider", faulty).reset
    end

    it "is tried again, and given up at last, and its data do not wait for that" do
      raising(:remove_hooks, "a bug")
      theirs.remember_hook!(type: "webhook", id: "01GA")
      contact(site)
      expect { part(theirs) }.to have_enqueued_job(job).with(theirs.id).at(a_value_within(20).of(60.seconds.from_now))
      expect([PwbCrm::Delivery.where(integration: theirs).count, row(theirs).hooks.size]).to eq([0, 1])
      expect(reported.errors.sole).to be_a(RuntimeError)

      pass(86_400)
      remove(theirs)
      expect(row(theirs)).to be_nil
      expect(reported.errors.last).to be_a(PwbCrm::InternalError)
      expect(reported.errors.last.message).to match(/has left there \(hooks: webhook 01GA\) raised RuntimeError.\z/)
    end

    it "keeps nothing for ever where a token cannot be ended" do
      raising(:revoke, NoMethodError)
      part(theirs)
      expect(row(theirs).farewell_done_at).to be_nil
      pass(86_400)
      expect { remove(theirs) }.to change { row(theirs) }.to(nil)
    end
  end
end
