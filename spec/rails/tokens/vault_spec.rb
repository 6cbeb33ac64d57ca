# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Integration::Vault do
  let(:remote) { ScriptedProvider }
  let(:site) { website }
  let(:crm) { integration(site, config: { access_token: "old", refresh_token: "r1" }) }

  def fresh(number) = { access_token: "new-#{number}", refresh_token: "r#{number + 1}", expires_in: 3600 }

  def expire(seconds = 60)
    crm.connect!(access_token: "old", refresh_token: "r1", expires_in: seconds)
  end

  describe "#connect!" do
    it "stores what the remote answered, encrypted" do
      crm.connect!(fresh(1))
      expect(crm.reload.tokens).to include("access_token" => "new-1", "refresh_token" => "r2")
      expect(Time.zone.parse(crm.config["token_expires_at"])).to be_within(5).of(1.hour.from_now)
      expect(crm.read_attribute_before_type_cast(:tokens)).not_to include("new-1")
    end

    it "keeps the refresh token where the remote sends none, as Zoho does" do
      crm.connect!(access_token: "new", expires_in: 3600)
      expect(crm.config).to include("access_token" => "new", "refresh_token" => "r1")
    end

    it "ends a disconnect and wakes what waits" do
      contact(site)
      crm.reconnect!(PwbCrm::AuthenticationError.new("refused"))
      contact(site)
      expect { crm.connect!(fresh(1)) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
      expect(crm.status).to eq(:ready)
    end
  end

  describe "a form that was loaded before a refresh" do
    it "does not write the old tokens back" do
      form = PwbCrm::Integration.find(crm.id)
      crm.connect!(fresh(1))
      form.update!(config: form.config.merge("subdomain" => "acme"), name: "New")

      expect(crm.reload.config).to include("access_token" => "new-1", "refresh_token" => "r2", "subdomain" => "acme")
    end

    it "does not write them back for a connection that had none, either" do
      bare = integration(site)
      form = PwbCrm::Integration.find(bare.id)
      bare.connect!(fresh(1))
      expect { form.update!(config: { access_token: "stale" }) }.to raise_error(ActiveRecord::StaleObjectError)
      expect(bare.reload.config["access_token"]).to eq("new-1")
    end
  end

  describe "two refreshes at once" do
    it "store the first one's tokens" do
      slow = PwbCrm::Integration.find(crm.id)
      remote.refreshes = -> { fresh(1) }
      crm.refresh_tokens!
      remote.refreshes = -> { fresh(2) }
      slow.refresh_tokens!
      expect(slow.config["access_token"]).to eq("new-1")
    end
  end

  describe "#tokens_expiring?" do
    before { remote.refreshes = -> { fresh(1) } }

    it "is true shortly before the end, and when there is no access token yet" do
      expect(expire(299)).to be_tokens_expiring
      expect(expire(310)).not_to be_tokens_expiring
      expect(integration(site, config: { refresh_token: "r" })).to be_tokens_expiring
    end

    it "is false where the remote did not say when, or said something odd" do
      expect(crm).not_to be_tokens_expiring
      expect(integration(site, config: { access_token: "a", token_expires_at: "soon" })).not_to be_tokens_expiring
    end

    it "is false where nothing can be renewed" do
      remote.refreshes = nil
      expect(expire(10)).not_to be_tokens_expiring
    end
  end

  describe "in a drain" do
    let(:refreshed) { [] }

    before do
      remote.refreshes = lambda do
        refreshed << true
        fresh(refreshed.size)
      end
      crm
      contact(site)
    end

    it "tokens that end soon are renewed first, once" do
      expire
      11.times { contact(site) }
      drain(crm)
      expect(refreshed.size).to eq(1)
      expect(crm.reload.config["access_token"]).to eq("new-1")
      expect(PwbCrm::Delivery.pluck(:state).uniq).to eq(%w[succeeded])
    end

    it "tokens that are refused are renewed, and what was refused goes again" do
      remote.script = lambda do |work|
        crm.reload.config["access_token"] == "old" ? remote.failed(work, :authentication) : remote.succeeded(work)
      end
      drain(crm)
      expect(refreshed.size).to eq(1)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "succeeded", attempts: 1)
    end

    it "tokens that are refused again and again ask people to reconnect; deliveries wait, uncounted" do
      11.times { contact(site) }
      remote.script = ->(work) { remote.failed(work, :authentication, "Zoho refuses the access token.\0") }
      crm.update_columns(tokens_refused: 2)
      expect { drain(crm) }.not_to have_enqueued_job(PwbCrm::IntegrationSyncJob)

      expect(refreshed.size).to eq(1)
      expect(crm.reload).to have_attributes(status: :reconnect, state_reason: /refuses.*Connect the account again/)
      expect(PwbCrm::Delivery.pluck(:state, :attempts).uniq).to eq([["pending", 0]])
      expect(PwbCrm::SyncLog.pluck(:success).uniq).to eq([false])
    end

    it "tokens that cannot be renewed after a call do not undo what arrived" do
      late = contact(site).id
      remote.refreshes = -> { raise PwbCrm::ConnectionError.new("no route", sent: :no) }
      remote.script = lambda do |work|
        work[:record][:id] == late ? remote.failed(work, :authentication) : remote.succeeded(work)
      end
      drain(crm)
      expect(PwbCrm::Delivery.order(:id).pluck(:state, :error_code)).to eq([["succeeded", nil], %w[pending no_tokens]])
    end

    it "a refresh token that is dead does, too" do
      expire
      remote.refreshes = -> { raise PwbCrm::AuthenticationError, "The refresh token was revoked." }
      drain(crm)
      expect(crm.reload.status).to eq(:reconnect)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)
      expect(remote.pushed).to be_empty
    end

    it "a remote that is down during the refresh is tried again later; deliveries wait, uncounted" do
      expire
      remote.refreshes = -> { raise PwbCrm::TimeoutError.new("no answer", sent: :maybe) }
      drain(crm)
      expect(crm.reload.status_message).to match(/tokens could not be renewed: no answer\. It goes on by itself at/)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0, doubt: false)
    end
  end

  describe "settings that are no Hash" do
    it "are taken for none" do
      zoho = integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", access_token: "t" })
      zoho.update_column(:settings, [1])
      expect(zoho.provider.client).to be_a(PwbCrm::ZohoClient)
    end
  end

  describe "a config that no client can be built from" do
    it "pauses the integration instead of burying its deliveries" do
      contact(site)
      crm
      contact(site)
      allow(remote).to receive(:sync)
      allow_any_instance_of(remote).to receive(:build_client) # rubocop:disable RSpec/AnyInstance -- providers are made anew
        .and_raise(PwbCrm::ConfigurationError, "The subdomain is none.")
      drain(crm)
      expect(crm.reload).to have_attributes(status: :paused, state_reason: /subdomain is none.*Deliveries wait/)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)
      allow_any_instance_of(remote).to receive(:build_client).and_call_original # rubocop:disable RSpec/AnyInstance -- as above
      crm.update!(config: { subdomain: "acme" })
      expect(crm.status).to eq(:ready)
    end

    it "says nothing of the one that people have given it meanwhile" do
      contact(crm.website)
      faults = [lambda {
        PwbCrm::Integration.find(crm.id).update!(config: { subdomain: "acme" })
        raise PwbCrm::ConfigurationError, "The subdomain is none."
      }]
      allow_any_instance_of(remote).to receive(:build_client) { faults.shift&.call || remote } # rubocop:disable RSpec/AnyInstance -- as above
      drain(crm)
      expect(crm.reload).to have_attributes(status: :ready, state_reason: nil)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "succeeded", attempts: 1)
    end
  end

  describe "a receiver that answers 410" do
    it "pauses the integration until it has another address" do
      crm
      contact(site)
      remote.script = ->(work) { remote.failed(work, :not_found, "410 Gone.", status: 410, code: "gone") }
      drain(crm)
      expect(crm.reload).to have_attributes(status: :paused, state_reason: /410 Gone.*asks us to stop/)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)
      crm.update!(webhook_url: "https://new.example.com/")
      expect(crm.status).to eq(:ready)
    end

    it "makes no stop of the pause that people made meanwhile" do
      contact(crm.website)
      remote.script = lambda do |work|
        PwbCrm::Integration.find(crm.id).pause!("On holiday.")
        remote.failed(work, :not_found, "410 Gone.", status: 410, code: "gone")
      end
      drain(crm)
      expect(crm.reload).to have_attributes(state: "paused", state_reason: "On holiday.")
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)
    end

    it "says nothing of the address that people gave it meanwhile" do
      contact(crm.website)
      remote.script = lambda do |work|
        next remote.succeeded(work) if remote.pushed.many?

        PwbCrm::Integration.find(crm.id).update!(webhook_url: "https://new.example.com/")
        remote.failed(work, :not_found, "410 Gone.", status: 410, code: "gone")
      end
      drain(crm)
      expect(crm.reload).to have_attributes(status: :ready, state_reason: nil)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "succeeded", attempts: 1)
    end
  end
end
