# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Integration do
  let(:site) { website }

  def raw(integration, column)
    described_class.lease_connection.select_value("SELECT #{column} FROM pwb_integrations WHERE id = #{integration.id}")
  end

  describe "the plan's model" do
    it "has its scopes and predicates" do
      zoho = integration(site, "zoho_crm")
      desk = integration(site, "zendesk", active: false)
      hook = webhook(site)

      expect([zoho.zoho_crm?, desk.zendesk?, hook.custom?]).to all(be(true))
      expect([zoho.zendesk?, desk.custom?, hook.zoho_crm?]).to all(be(false))
      expect(described_class.active).to contain_exactly(zoho, hook)
      expect(described_class.for_platform("zendesk")).to contain_exactly(desk)
    end

    it "needs a name, a website and a platform it knows" do
      unknown = described_class.new(website: site, platform: "hubspot", name: "H")
      expect(unknown).not_to be_valid
      expect(unknown.errors[:platform].sole).to match(/"hubspot" is unknown; known are zoho_crm, zendesk, custom/)
      expect(described_class.new(platform: "zendesk")).to have_attributes(valid?: false)
    end

    it "takes the host's class of websites for it, although one of ours has that name" do
      stub_const("Account", Pwb::Website)
      configure(website_class: "Account")
      [described_class, PwbCrm::Receipt].each do |model|
        twin = stub_const("#{described_class}::Twin", Class.new(model) { belongs_to_website })
        expect(twin.reflect_on_association(:website).klass).to equal(Pwb::Website)
      end
    end

    it "leaves the host's own integrations alone" do
      own = Pwb::WebsiteIntegration.create!(website: site, category: "ai", provider: "x")
      integration(site)
      expect(site.integrations).to contain_exactly(own)
    end
  end

  it "takes no settings for none" do
    crm = integration(site, settings: nil)
    expect(crm.reload.settings).to eq({})
    crm.update!(settings: { "deletes" => "delete" })
    crm.update!(settings: nil)
    expect(crm.reload.settings).to eq({})
  end

  describe "secrets" do
    let(:crm) { integration(site, config: { subdomain: "acme", api_token: "t0p-s3cret", access_token: "acc3ss" }) }

    it "are encrypted, config and tokens apart" do
      expect(raw(crm, "config")).not_to match(/t0p-s3cret|acc3ss/)
      expect(raw(crm, "tokens")).not_to match(/t0p-s3cret|acc3ss/)
      expect(crm.reload.tokens).to eq("access_token" => "acc3ss")
    end

    it "are read under the plan's keys" do
      expect(crm.reload.config).to eq("subdomain" => "acme", "api_token" => "t0p-s3cret", "access_token" => "acc3ss")
    end

    it "are encrypted, the webhook's address too, so that no query in a log shows them" do
      hook = nil
      binds = []
      listener = ->(*, payload) { binds << payload[:sql] << payload[:binds].map(&:value_for_database) }
      ActiveSupport::Notifications.subscribed(listener, "sql.active_record") do
        hook = webhook(site, webhook_url: "https://hooks.example.com/s3cret-path")
      end
      expect([raw(hook, "webhook_url"), binds].to_s).not_to match(/s3cret-path|#{hook.config["webhook_secret"]}/)
      expect(hook.reload.webhook_url).to eq("https://hooks.example.com/s3cret-path")
    end

    it "do not show when it is inspected, and neither does the webhook's address" do
      hook = webhook(site, webhook_url: "https://hooks.example.com/s3cret-path")
      expect(crm.inspect + hook.inspect).not_to match(/s3cret|acc3ss|#{crm.key}|whsec_/)
    end

    it "do not show when what renews them is inspected" do
      grant = described_class::Grant.new("access_token" => "acc3ss")
      renewal = described_class::Renewal.new(crm, refused: "acc3ss")
      expect([grant, renewal].map(&:inspect)).to match([/access_token/, /of integration #{crm.id}/])
      expect([grant, renewal].inspect).not_to include("acc3ss")
    end

    it "do not go out as JSON, whatever is asked for" do
      hook = webhook(site, webhook_url: "https://hooks.example.com/s3cret-path")
      asked = [nil, { only: %i[id config webhook_url] }, { except: :name }, { except: %w[id] }, { methods: :config }]
      texts = asked.flat_map { |options| [crm, hook].map { |one| [one.to_json(options), one.as_json(options)].to_s } }
      expect(texts.join).not_to match(/s3cret|acc3ss|#{crm.key}|whsec_/)
      expect([crm, hook].to_json).not_to match(/s3cret|acc3ss|whsec_/)
      expect(crm.as_json).to include("id" => crm.id, "name" => crm.name, "state" => "ready")
      expect(crm.as_json(except: :name).keys).not_to include("name", "config", "key")
    end

    it "of a webhook are made when there is none" do
      hook = webhook(site)
      own = "whsec_#{["0123456789abcdef" * 2].pack("m0")}"
      expect(hook.config["webhook_secret"]).to match(%r{\Awhsec_[A-Za-z0-9+/]{43}=\z})
      expect(webhook(site).config["webhook_secret"]).not_to eq(hook.config["webhook_secret"])
      expect(webhook(site, config: { webhook_secret: own }).config["webhook_secret"]).to eq(own)
    end

    it "cannot be changed in place, where the change would be lost" do
      expect { crm.config["subdomain"] = "other" }.to raise_error(FrozenError)
    end

    it "leave room for an id of its own in inbound addresses" do
      expect(crm.key).to match(/\A\h{32}\z/)
    end
  end

  describe "what is missing" do
    let(:crm) { integration(site, settings: { requires: %w[subdomain api_token] }) }

    it "is told, and nothing is sent and nothing lost until it is there" do
      expect(crm).to have_attributes(state: "incomplete", deliverable?: false, missing_config: %w[subdomain api_token])
      expect(crm.status_message).to match(/lacks subdomain and api_token/)

      contact(site)
      drain(crm)
      expect(ScriptedProvider.pushed).to be_empty
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)

      crm.update!(config: { subdomain: "acme" })
      crm.update!(config: crm.config.merge("api_token" => "t"))
      expect(crm).to have_attributes(state: "ready", status_message: nil)
      drain(crm)
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end

    it "may come with the app's own settings" do
      zoho = integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", refresh_token: "r" })
      expect(zoho.missing_config).to eq(%w[client_id client_secret])
      configure(zoho_client_id: "id", zoho_client_secret: "secret")
      zoho.review!
      expect(zoho.reload.state).to eq("ready")
    end
  end

  describe "a platform that this version does not know" do
    include_context "with an error reporter"

    it "is left alone, with a clear error" do
      crm = integration(site)
      crm.update_column(:platform, "hubspot")
      contact(site)
      expect { drain(crm) }.not_to raise_error

      expect(crm.reload.status).to eq(:unknown_platform)
      expect(crm.status_message).to match(/knows zoho_crm.*, not hubspot/)
      expect { crm.provider }.to raise_error(PwbCrm::ConfigurationError, /#{crm.id} \(hubspot\).*left alone/)
      expect(PwbCrm::Delivery.sole.state).to eq("pending")
    end
  end

  describe "a copied database" do
    it "does not send until it is told to" do
      crm = integration(site)
      contact(site)
      configure(environment: "staging-1")
      drain(crm)
      expect(ScriptedProvider.pushed).to be_empty
      expect(crm).to have_attributes(status: :copied, status_message: /database is a copy/)

      crm.adopt!
      drain(crm)
      expect(ScriptedProvider.pushed.size).to eq(1)
    end
  end

  describe "pausing" do
    it "keeps deliveries, and resuming wakes them" do
      crm = integration(site)
      contact(site)
      crm.pause!("On holiday.")
      drain(crm)
      expect(crm.reload).to have_attributes(status: :paused, status_message: "On holiday.")
      crm.update!(config: { subdomain: "acme" })
      expect(crm.status).to eq(:paused)
      expect { crm.resume! }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
      expect(crm.status).to eq(:ready)
    end
  end

  describe "a website that is destroyed" do
    it "takes everything along" do
      crm = integration(site)
      contact(site)
      drain(crm)
      site.destroy!
      expect([described_class, PwbCrm::Delivery, PwbCrm::SyncLog, PwbCrm::Link].map(&:count)).to all(eq(0))
    end
  end
end
