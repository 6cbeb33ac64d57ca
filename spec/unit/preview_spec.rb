# frozen_string_literal: true

require_relative "support/fresh_config"

RSpec.describe "What the clients would do", :fresh_config do
  secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  clients = {
    "Zoho" => -> { PwbCrm::ZohoClient.new(access_token: "t", api_domain: "https://www.zohoapis.eu") },
    "Zendesk" => -> { PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "t") },
    "a webhook" => -> { PwbCrm::WebhookClient.new(url: "https://hooks.example.com", secrets: [secret]) }
  }

  def work(key, **more)
    { key:, action: "upsert", event_id: "m", record: { kind: "contact", id: key, email: "a@b.example" }, **more }
  end

  before { PwbCrm.config.transport = ->(_) { raise "nothing is to be sent" } }

  clients.each do |name, client|
    it "is told for #{name} by key, without a request" do
      link = { external_type: "Contacts", external_id: "9", shadow: {} }
      told = client.call.preview([work("1"), work("2", link:), work("3").merge("link" => link)])
      expect(told).to eq("1" => :create, "2" => :update, "3" => :update)
    end

    it "is told for #{name} field by field, without a request" do
      known = client.call
      link = { external_type: name == "Zoho" ? "Contacts" : "user", external_id: "9", shadow: {} }
      told = known.changes([work("1", link:)]).fetch("1")
      expect(told).to include({ "Zoho" => "Email", "Zendesk" => "email", "a webhook" => "data" }.fetch(name))
      expect(known.changes([work("2", action: "delete")])).to include("2" => [])
      expect { known.changes([work("3", action: "burn")]) }.to raise_error(PwbCrm::ConfigurationError, /action must be/)
    end

    it "is told for #{name} of each on its own, and says what is wrong with one" do
      told = client.call.preview([work("1", action: "burn"), work("2")])
      expect(told).to match("1" => a_string_including("action must be"), "2" => :create)
      expect { client.call.preview("x") }.to raise_error(PwbCrm::ConfigurationError, /works/)
    end
  end
end
