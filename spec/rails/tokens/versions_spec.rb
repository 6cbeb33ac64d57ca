# frozen_string_literal: true

require "rails_helper"

# Answers that come late, one by one.
RSpec.describe PwbCrm::Integration::Vault do
  include ActiveJob::TestHelper

  let(:remote) { ScriptedProvider }
  let(:crm) { integration(website, config: { access_token: "old", refresh_token: "r1" }) }

  before { crm }

  def again = PwbCrm::Integration.find(crm.id)

  def fresh(number) = { access_token: "new-#{number}", refresh_token: "r#{number + 1}", expires_in: 3600 }

  # What somebody else does between the request and its answer.
  def meanwhile
    remote.refreshes = lambda do
      yield(again)
      answer.call
    end
  end

  def answer = -> { fresh(1) }

  describe "tokens that arrive late" do
    it "do not replace newer ones, and the newer ones are used" do
      meanwhile { |other| other.store_renewal(fresh(2)) }
      crm.refresh_tokens!
      expect(crm.config).to include("access_token" => "new-2", "refresh_token" => "r3")
      expect(crm.token_version).to eq(1)
    end

    it "do not replace what people have connected" do
      meanwhile { |other| other.connect!(fresh(2)) }
      crm.refresh_tokens!
      expect(again.config["access_token"]).to eq("new-2")
    end

    it "do not come back into what was disconnected" do
      meanwhile(&:disconnect!)
      crm.refresh_tokens!
      expect(again.tokens).to be_empty
    end

    it "connect again what was found dead without them, and wake its deliveries" do
      contact(crm.website)
      meanwhile { |other| other.reconnect!(PwbCrm::AuthenticationError.new("The old one is dead.")) }
      expect { crm.refresh_tokens! }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id).at_least(:once)
      expect(again).to have_attributes(status: :ready, state_reason: nil)
    end

    it "end a pause that was made for want of them, and none that people made" do
      meanwhile { |other| other.hold_off(600, "No answer.") }
      crm.refresh_tokens!
      expect(again).to have_attributes(status: :ready, paused_until: nil)

      crm.pause!("We move.")
      PwbCrm::Integration.find(crm.id).store_renewal(fresh(3))
      expect(again).to have_attributes(status: :paused, state_reason: "We move.")
    end
  end

  describe "a refusal that arrives late" do
    def answer = -> { raise PwbCrm::AuthenticationError, "invalid_grant" }

    it "is no disconnect where somebody else has stored newer tokens: those are used" do
      meanwhile { |other| other.store_renewal(fresh(2)) }
      expect { crm.refresh_tokens! }.not_to raise_error
      expect(crm).to have_attributes(status: :ready, config: include("access_token" => "new-2"))
    end

    it "of a record is none, either: its delivery goes again" do
      contact(crm.website)
      remote.script = lambda do |work|
        next remote.succeeded(work) if again.token_version == 1

        again.store_renewal(fresh(2))
        remote.failed(work, :authentication)
      end
      drain(crm)
      expect(again.status).to eq(:ready)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "succeeded", attempts: 1)
    end

    it "of credentials that people have corrected meanwhile is none" do
      contact(crm.website)
      remote.script = lambda do |work|
        next remote.succeeded(work) if again.config["email"] == "new@example.com"

        again.update!(config: { email: "new@example.com" })
        remote.failed(work, :authentication)
      end
      drain(crm)
      expect(again.status).to eq(:ready)
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end
  end

  describe "people who connect while a renewal has stored something" do
    it "are not ignored" do
      stale = again
      remote.refreshes = answer
      crm.refresh_tokens!
      stale.connect!(fresh(5))
      expect(again.config).to include("access_token" => "new-5", "refresh_token" => "r6")
    end

    it "are told when it was disconnected for good" do
      stale = again
      crm.disconnect!
      expect { stale.connect!(fresh(1)) }.to raise_error(PwbCrm::ConfigurationError, /disconnected/)
    end
  end
end
