# frozen_string_literal: true

require "pwb_crm/testing"

# A website with Zoho CRM, Zendesk and a webhook, played by the fakes inside this process.
RSpec.shared_context "with remotes" do
  let(:fakes) do
    { "zoho_crm" => fake!(:zoho), "zendesk" => fake!(:zendesk), "custom" => fake!(:webhook) }
  end

  let(:site) { website(subdomain: "acme") }
  let!(:crm) { integration(site, "zoho_crm", config: zoho_config) }
  let!(:desk) { integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" }) }
  let!(:hook) { webhook(site, config: { webhook_secret: secret }) }

  before { fakes }

  def zoho = fakes["zoho_crm"]

  def zendesk = fakes["zendesk"]

  def receiver = fakes["custom"]

  def secret = PwbCrm::Testing::WEBHOOK_SECRET

  def zoho_config = { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" }

  def drain_all
    all_due
    [crm, desk, hook].each { |integration| drain(integration) }
  end

  def requests = fakes.transform_values { |fake| fake.requests.size }

  def states = PwbCrm::Delivery.group(:state).count

  # The host's own order: the message before its contact, the property in a third save.
  def enquire(**attributes)
    enquiry = message(site, title: "Viewing", content: "Is it free?", url: "https://acme.example.com/", **attributes)
    enquiry.update!(contact: contact(site))
    asset = Pwb::RealtyAsset.create!(website: site, reference: "R1", slug: "villa", formatted_price: "€ 250,000")
    enquiry.update!(realty_asset: asset)
    enquiry
  end
end
