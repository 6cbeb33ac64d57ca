# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Integration::Hooks do
  include_context "with remotes"
  include_context "with an error reporter"

  let(:way) { { email: "agent@acme.example", api_token: "an-api-token" } }
  let(:fakes) { { "zoho_crm" => fake!(:zoho), "zendesk" => fake!(:zendesk, **way), "custom" => fake!(:webhook) } }

  def hooks = PwbCrm::Integration.find(desk.id).hooks

  def noted(id, type = "webhook") = { "type" => type, "id" => id }

  it "notes what was made at the remote, once, and forgets what is gone" do
    expect(desk.remember_hook!(type: :webhook, id: "01GA").hooks).to eq([noted("01GA")])
    desk.remember_hook!(type: "trigger", id: 77)
    desk.remember_hook!(type: "webhook", id: "01GA")
    expect(hooks).to eq([noted("01GA"), noted("77", "trigger")])
    expect(desk.forget_hook!(type: "webhook", id: "01GA").hooks).to eq([noted("77", "trigger")])
    expect([hooks, desk.changed?]).to eq([[noted("77", "trigger")], false])
  end

  it "loses none that somebody else notes at the same time, and leaves open forms alone" do
    form = PwbCrm::Integration.find(desk.id)
    stop = StopAt.new(/UPDATE .* SET .*hooks/) do
      PwbCrm::Integration.find(desk.id).remember_hook!(type: "webhook", id: "theirs")
    end
    stop.run { desk.remember_hook!(type: "webhook", id: "mine") }
    expect(hooks).to eq([noted("theirs"), noted("mine")])
    expect { form.update!(name: "Desk") }.not_to raise_error
    expect(hooks.size).to eq(2)
  end

  it "refuses what could not be removed again" do
    expect { desk.remember_hook!(type: "channel", id: "1") }
      .to raise_error(PwbCrm::ConfigurationError, /no webhook "1" of the type "channel"; known.* webhook, trigger/)
    expect { crm.remember_hook!(type: "webhook", id: "1") }
      .to raise_error(PwbCrm::ConfigurationError, /known types are channel\./)
    expect { desk.remember_hook!(type: "webhook", id: "") }.to raise_error(PwbCrm::ConfigurationError)
    expect { hook.remember_hook!(type: "webhook", id: "1") }
      .to raise_error(PwbCrm::ConfigurationError, /known types are none/)
  end

  it "says what to do with one that is made while the integration is disconnected" do
    stale = PwbCrm::Integration.find(desk.id)
    desk.disconnect!
    expect { stale.remember_hook!(type: "webhook", id: "01GA") }
      .to raise_error(PwbCrm::ConfigurationError, /disconnected: remove the webhook 01GA at the remote by hand/)
    expect(stale.forget_hook!(type: "webhook", id: "01GA")).to eq(stale)
  end

  it "are removed by a disconnect that knows nothing of them yet, also with an API token" do
    legacy = integration(site, "zendesk", config: { subdomain: "acme", **way })
    stale = PwbCrm::Integration.find(legacy.id)
    zendesk.add_hook("webhook", "01GA")
    legacy.remember_hook!(type: "webhook", id: "01GA")
    stale.disconnect!
    PwbCrm::IntegrationRemovalJob.perform_now(legacy.id)
    expect(zendesk.requests.map { |one| "#{one.method} #{one.path}" }).to eq(["DELETE /api/v2/webhooks/01GA"])
    expect([zendesk.hooks, reported.errors]).to eq([[], []])
  end

  it "are told where the remote lets nobody in any more" do
    zendesk.revoke_refresh_token!
    desk.remember_hook!(type: "webhook", id: "01GA")
    desk.disconnect!
    PwbCrm::IntegrationRemovalJob.perform_now(desk.id)
    expect(reported.errors.sole).to be_a(PwbCrm::AuthenticationError)
    expect(PwbCrm::Integration.find_by(id: desk.id)).to be_nil
  end

  it "are told where nothing is left to sign in with" do
    desk.remember_hook!(type: "webhook", id: "01GA")
    desk.update_columns(config: nil, tokens: nil)
    PwbCrm::Integration.find(desk.id).tap { |one| one.update_columns(disconnected_at: Time.current, active: false) }
    PwbCrm::IntegrationRemovalJob.perform_now(desk.id)
    expect(reported.errors.sole.message).to match(/Remove by hand at the remote: webhook 01GA/)
    expect(PwbCrm::Integration.find_by(id: desk.id)).to be_nil
  end
end
