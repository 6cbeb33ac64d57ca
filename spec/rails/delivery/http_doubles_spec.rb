# frozen_string_literal: true

require "rails_helper"
require_relative "../../support/http_doubles"

RSpec.describe "deliveries in a host's specs" do
  let(:site) { website }
  let(:crm) { integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", **token }) }
  let(:token) { { access_token: "cassette-access-token" } }
  let(:fake) { PwbCrm::Testing::FakeZoho.new(**token) }

  before { crm && contact(site) }

  def deliver
    drain(crm)
    PwbCrm::Delivery.pluck(:state, :error_code)
  end

  context "with WebMock" do
    include_context "with WebMock"

    it "meet its stubs: an answer, and a fault" do
      stub_request(:post, %r{www\.zohoapis\.com/crm/v8/Contacts})
        .to_raise(Errno::ECONNREFUSED).then
        .to_return(body: { data: [{ code: "SUCCESS", action: "insert", details: { id: "7" } }] }.to_json)
      expect(deliver).to eq([%w[pending Errno::ECONNREFUSED]])
      all_due
      expect(deliver).to eq([["succeeded", nil]])
      expect(crm.links.sole.external_id).to eq("7")
    end
  end

  context "with VCR" do
    include_context "with VCR"

    it "are recorded without credentials, and replayed without a remote" do
      server = PwbCrm::Testing::Server.start(fake)
      configure(allow_private_hosts: true, zoho_base_url: server.url)
      VCR.use_cassette("drain") { deliver }
      server.stop
      PwbCrm::Link.delete_all
      contact(site)
      VCR.use_cassette("drain") { expect(deliver).to eq([["succeeded", nil]] * 2) }
      expect(fake.requests.size).to eq(1)
      expect(cassette("drain")).to include("Ruiz").and(satisfy { |text| !text.include?("cassette-access-token") })
    end
  end

  context "with the README" do
    include_context "with VCR"

    let(:token) { { access_token: "zoho-token" } }
    let(:five_lines) { PwbCrm::Engine.root.join("README.md").read[%r{^require "pwb_crm/testing".*?(?=^```)}m] }

    it "work as its five lines say" do
      context = binding
      context.local_variable_set(:contact, contact(site))
      context.local_variable_set(:integration, crm)
      context.eval(five_lines)
      expect(five_lines.lines.size).to eq(5)
      expect(WebMock).to have_requested(:post, /zohoapis/).once
      all_due
      expect(deliver).to all(eq(["succeeded", nil]))
      expect(context.local_variable_get(:zoho).records("Contacts")).not_to be_empty
    end
  end

  context "with a Rack application in this process" do
    it "reach it" do
      configure(transport: PwbCrm::Testing::Seam.new("www.zohoapis.com" => fake))
      expect(deliver).to eq([["succeeded", nil]])
      expect(fake.records("Contacts").sole["Last_Name"]).to eq("Ruiz")
    end
  end
end
