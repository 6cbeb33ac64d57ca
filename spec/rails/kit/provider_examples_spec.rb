# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Providers do
  def connect(platform, **)
    PwbCrm::Integration.create!(website: website(subdomain: "acme"), platform:, name: platform, **)
  end

  describe PwbCrm::Providers::ZohoCrm do
    it_behaves_like "a pwb_crm provider" do
      let(:remote) { fake!(:zoho) }
      let(:held) { -> { %w[Contacts Notes Cases].flat_map { |name| remote.records(name) } } }
      let(:integration) do
        connect("zoho_crm", config: { access_token: "zoho-token", api_domain: "https://www.zohoapis.com" })
      end
    end
  end

  describe PwbCrm::Providers::Zendesk do
    it_behaves_like "a pwb_crm provider" do
      let(:remote) { fake!(:zendesk) }
      let(:held) { -> { remote.users + remote.tickets + remote.tickets.flat_map { |one| remote.comments(one["id"]) } } }
      let(:integration) do
        connect("zendesk", config: { access_token: "zendesk-token", subdomain: "acme" })
      end
    end
  end

  describe PwbCrm::Providers::Custom do
    it_behaves_like "a pwb_crm provider" do
      let(:remote) { fake!(:webhook) }
      let(:held) { -> { remote.events } }
      let(:integration) do
        connect("custom", webhook_url: "https://hooks.example.com/crm",
                          config: { webhook_secret: PwbCrm::Testing::WEBHOOK_SECRET })
      end
    end
  end
end
