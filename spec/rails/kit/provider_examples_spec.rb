# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Providers do
  # What is deleted here is deleted there.
  shared_context("with deletes") { before { integration.update!(settings: { deletes: "delete" }) } }

  def connect(platform, **)
    PwbCrm::Integration.create!(website: website(subdomain: "acme"), platform:, name: platform, **)
  end

  describe PwbCrm::Providers::ZohoCrm do
    let(:remote) { fake!(:zoho) }
    let(:held) { -> { %w[Contacts Notes Cases].flat_map { |name| remote.records(name) } } }
    let(:integration) do
      connect("zoho_crm", config: { access_token: "zoho-token", api_domain: "https://www.zohoapis.com" })
    end

    it_behaves_like "a pwb_crm provider"

    context "with deletes" do
      include_context "with deletes"
      it_behaves_like "a pwb_crm provider"
    end
  end

  describe PwbCrm::Providers::Zendesk do
    let(:remote) { fake!(:zendesk) }
    let(:held) { -> { remote.users + remote.tickets + remote.tickets.flat_map { |one| remote.comments(one["id"]) } } }
    let(:integration) do
      connect("zendesk", config: { access_token: "zendesk-token", subdomain: "acme" })
    end

    it_behaves_like "a pwb_crm provider"

    context "with deletes" do
      include_context "with deletes"
      it_behaves_like "a pwb_crm provider"
    end
  end

  describe PwbCrm::Providers::Custom do
    it "is asked for no field that its remote has no place for" do
      remote = fake!(:webhook)
      integration = connect("custom", webhook_url: "https://hooks.example.com/crm",
                                      config: { webhook_secret: PwbCrm::Testing::WEBHOOK_SECRET })
      lost = [[], %i[phone last_name]].map do |omitted|
        trial = PwbCrm::Testing::ProviderTrial.new(integration, remote, -> { remote.events }, %w[contact], omitted)
        work = trial.works(1).first
        trial.lacking(work, trial.push([trial.with(work, phone: nil)]).first)
      end
      expect(lost).to eq([%i[phone], []])
    end

    it_behaves_like "a pwb_crm provider" do
      let(:remote) { fake!(:webhook) }
      let(:held) { -> { remote.events } }
      let(:journal) { true }
      let(:integration) do
        connect("custom", webhook_url: "https://hooks.example.com/crm",
                          config: { webhook_secret: PwbCrm::Testing::WEBHOOK_SECRET })
      end
    end
  end
end
