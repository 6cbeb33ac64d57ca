# frozen_string_literal: true

require "rails_helper"

# What keeps a client from being built, and what cures it.
RSpec.describe PwbCrm::Integration do
  let(:site) { website }

  def raw(integration, column)
    described_class.lease_connection.select_value("SELECT #{column} FROM pwb_integrations WHERE id = #{integration.id}")
  end

  describe "settings and a config that no client can be built from" do
    let(:config) { { api_domain: "https://www.zohoapis.com", access_token: "t" } }
    let(:zoho) { integration(site, "zoho_crm", config:) }

    def faults(**) = zoho.tap { |crm| crm.assign_attributes(**) }.tap(&:validate).errors

    it "are refused when they are saved, under the name of what is wrong" do
      expect(faults(settings: { enquirers: "nonsense" })[:settings].sole).to match(/nonsense.*contact_and_note.*lead/)
      expect(faults(settings: {}, config: { api_domain: "https://evil.example" })[:base].sole).to match(/evil|Zoho/)
      expect(faults(settings: { enquirers: "lead" }, config:)).to be_empty
    end

    it "are refused by a name that no setting has" do
      expect(faults(settings: { delets: "delete" })[:settings].sole).to match(/has no delets; known are .*deletes/)
      expect(faults(settings: { "deletes" => "delete" })).to be_empty
    end

    it "do not keep a row that has them already from being stopped, resumed or renamed" do
      zoho.update_column(:settings, { "enquirers" => "nonsense" })
      zoho.reload.stop!("Wrong.")
      expect { zoho.update!(name: "Another") }.not_to raise_error
      expect { zoho.resume! }.to change(zoho, :status).from(:paused).to(:ready)
    end

    it "stop an integration that has got them anyway, until the settings are corrected" do
      zoho.update_column(:settings, { "enquirers" => "nonsense" })
      contact(site)
      drain(zoho)
      expect(zoho.reload).to have_attributes(status: :paused, status_message: /settings\. Deliveries wait until/)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)

      expect { zoho.update!(settings: { enquirers: "lead" }) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob)
      expect(zoho).to have_attributes(status: :ready, status_message: nil)
    end

    it "are not asked of a connection that has yet to fetch its first access token" do
      configure(zoho_client_id: "id", zoho_client_secret: "secret")
      fresh = integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", refresh_token: "r" })
      expect(fresh.status).to eq(:ready)
    end
  end

  describe "credentials that the app's keys do not open" do
    let(:crm) { integration(site, settings: { requires: %w[subdomain] }, config:) }
    let(:config) { { subdomain: "a", access_token: "t" } }
    let!(:kept) { raw(crm, "config") }

    before do
      contact(site)
      described_class.where(id: crm.id).update_all("config = 'garbage', tokens = 'garbage'")
    end

    def row = described_class.find(crm.id)

    it "are told, and deliveries wait as they are" do
      expect(row).to have_attributes(status: :unreadable, status_message: /cannot be read.*enter them/)
      expect { PwbCrm::IntegrationSyncJob.perform_now(crm.id) }.not_to raise_error
      expect(row).to have_attributes(state: "unreadable", state_reason: /encryption key changed or the row was copied/)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0, doubt: false)
    end

    it "do not keep the row from being renamed, paused or resumed" do
      row.update!(name: "Another")
      row.pause!("On holiday.")
      row.resume!
      expect(row).to have_attributes(name: "Another", state: "unreadable")
      expect(raw(crm, "config")).to eq("garbage")
    end

    it "are entered again" do
      drain(crm)
      again = row
      expect { again.update!(config: { subdomain: "b", access_token: "u" }) }
        .to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
      expect(row).to have_attributes(status: :ready, config: { "subdomain" => "b", "access_token" => "u" })
      drain(crm)
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end

    it "are fetched again, where only the tokens are lost" do
      described_class.where(id: crm.id).update_all(["config = ?", kept])
      row.connect!(access_token: "fresh")
      expect(row).to have_attributes(status: :ready, config: include("subdomain" => "a", "access_token" => "fresh"))
    end

    it "may come back with the key" do
      drain(crm)
      described_class.where(id: crm.id).update_all(["config = ?, tokens = NULL", kept])
      drain(crm)
      expect(row.status).to eq(:ready)
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end

    it "may be a webhook's address, which is entered again" do
      hook = webhook(site)
      described_class.where(id: hook.id).update_all("webhook_url = 'garbage'")
      expect(described_class.find(hook.id).status).to eq(:unreadable)
      described_class.find(hook.id).update!(webhook_url: "https://hooks.example.com/again")
      expect(described_class.find(hook.id)).to have_attributes(status: :ready, webhook_url: %r{/again})
    end

    it "are not made up for a webhook, whose receiver has the old secret" do
      hook = webhook(site)
      described_class.where(id: hook.id).update_all("config = 'garbage'")
      described_class.find(hook.id).update!(name: "Another")
      expect(raw(hook, "config")).to eq("garbage")
    end
  end

  describe "a platform of the host's own" do
    it "needs no client if its provider sends by itself" do
      stub_const("OwnProvider", Class.new(PwbCrm::Providers::Base) do
        def push(works, within:) = works.map { |work| PwbCrm::Outcome.skipped(work[:key], "#{within} s are enough") }
      end)
      allow(PwbCrm::Providers).to receive_messages(platforms: %w[own], known?: true)
      allow(PwbCrm::Providers).to receive(:for) { |integration| OwnProvider.new(integration) }
      own = integration(site, "own")
      contact(site)
      drain(own)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "skipped", error_message: /enough/)
    end
  end
end
