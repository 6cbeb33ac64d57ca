# frozen_string_literal: true

require "rails_helper"

# A refresh token that nobody uses dies: Zendesk's after 90 days at most.
RSpec.describe "tokens that nobody uses" do
  let(:remote) { ScriptedProvider }
  let(:asked) { [] }
  let(:crm) { integration(website, config: { access_token: "old", refresh_token: "r1" }) }

  before do
    remote.refreshes = lambda do
      asked << true
      { access_token: "new-1", refresh_token: "r2", expires_in: 3600 }
    end
    crm
  end

  def again = PwbCrm::Integration.find(crm.id)

  def let_idle = PwbCrm::Integration.where(id: crm.id).note(renew_tokens_at: 1.second.ago)

  it "are due a week after they were last renewed, or connected" do
    expect(crm.renew_tokens_at).to be_within(60).of(7.days.from_now)
    let_idle
    crm.connect!(access_token: "a", refresh_token: "b")
    expect(crm.renew_tokens_at).to be_within(60).of(7.days.from_now)
    let_idle
    crm.refresh_tokens!
    expect(again.renew_tokens_at).to be_within(60).of(7.days.from_now)
  end

  it "are due earlier where they live shorter, and never where there is no refresh token" do
    crm.connect!(access_token: "a", refresh_token: "b", refresh_token_expires_in: 4.days.to_i)
    expect(crm.renew_tokens_at).to be_within(60).of(2.days.from_now)
    expect(integration(website, config: { access_token: "a" }).renew_tokens_at).to be_nil
  end

  it "are renewed by the sweep, although there is nothing to deliver" do
    expect(PwbCrm::Sweep.drain).to be_empty
    let_idle
    expect(PwbCrm::Sweep.drain).to eq([crm.id])
    expect(again.config["refresh_token"]).to eq("r2")
    expect(PwbCrm::Sweep.drain).to be_empty
    expect(asked.size).to eq(1)
  end

  it "wait with it while the remote is down, and say when it is too late" do
    let_idle
    remote.refreshes = -> { raise PwbCrm::RemoteError, "It is down." }
    PwbCrm::Sweep.drain
    expect(again.status_message).to match(/tokens could not be renewed: It is down/)
    expect(PwbCrm::Sweep.drain).to be_empty

    PwbCrm::Integration.where(id: crm.id).note(paused_until: 1.second.ago)
    remote.refreshes = -> { raise PwbCrm::AuthenticationError, "It has ended." }
    PwbCrm::Sweep.drain
    expect(again.status).to eq(:reconnect)
    expect(PwbCrm::Sweep.drain).to be_empty
  end

  it "do not keep the sweep busy where they cannot be renewed" do
    remote.refreshes = nil
    let_idle
    PwbCrm::Sweep.drain
    expect(PwbCrm::Sweep.drain).to be_empty
  end
end
