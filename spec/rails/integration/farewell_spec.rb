# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what a disconnected integration takes back at the remote" do
  include_context "with farewells"

  # Everything the row has, as the table has it.
  def stored(integration)
    PwbCrm::Integration.connection.select_rows("SELECT * FROM pwb_integrations WHERE id = #{integration.id}").to_s
  end

  it "is Zoho's grant: the refresh token, and the access tokens with it" do
    part(crm)
    expect(asked(zoho)).to eq(["POST /oauth/v2/token/revoke"])
    config = { access_token: zoho.access_token, api_domain: "https://www.zohoapis.com" }
    later = integration(site, "zoho_crm", config:)
    contact(site)
    all_due
    drain(later)
    expect(later.reload.status).to eq(:reconnect)
    expect(row(crm)).to be_nil
  end

  it "is Zendesk's token by its id, and the hooks that were made there, the trigger before its webhook" do
    hooks(webhook: "01GA", trigger: 77)
    part(desk)
    expect(asked(zendesk)).to eq(["DELETE /api/v2/triggers/77", "DELETE /api/v2/webhooks/01GA",
                                  "GET /api/v2/oauth/tokens/current", "DELETE /api/v2/oauth/tokens/1"])
    expect(zendesk.hooks).to be_empty
    expect { PwbCrm::ZendeskClient.revoke(subdomain: "acme", access_token: "zendesk-token") }
      .to raise_error(PwbCrm::AuthenticationError)
    expect(row(desk)).to be_nil
  end

  it "is found with renewed tokens where the access token has ended" do
    app = { client_id: zendesk.client_id, client_secret: zendesk.client_secret }
    other = integration(site, "zendesk", config: { subdomain: "acme", access_token: "old", **app,
                                                   refresh_token: "zendesk-refresh-token" })
    part(other)
    expect(asked(zendesk).last(3)).to eq(["POST /oauth/tokens", "GET /api/v2/oauth/tokens/current",
                                          "DELETE /api/v2/oauth/tokens/2"])
    expect { PwbCrm::ZendeskClient.refresh(subdomain: "acme", refresh_token: zendesk.refresh_token, **app) }
      .to raise_error(PwbCrm::AuthenticationError)
  end

  it "is nothing where the grant is dead already, at a webhook, or without a token" do
    zendesk.revoke_refresh_token!
    legacy = integration(site, "zendesk", config: { subdomain: "acme", email: "a@b.example", api_token: "s3cret" })
    [desk, hook, legacy].each { |integration| part(integration) }
    expect(PwbCrm::Integration.ids).to eq([crm.id])
    expect(asked(zendesk)).to eq(["GET /api/v2/oauth/tokens/current"])
    expect(reported.errors).to be_empty
  end

  it "leaves no secret that is readable meanwhile, and none at all afterwards" do
    zoho.fail_next(1, status: 503)
    part(crm)
    expect(row(crm).farewell).to include("refresh_token" => zoho.refresh_token)
    expect(stored(crm)).not_to match(/#{zoho.refresh_token}|zoho-token|s3cret/)
    expect(row(crm).inspect + row(crm).to_json).not_to include(zoho.refresh_token)
  end

  it "is never taken back from a copied database" do
    configure(environment: "a copy")
    [crm, desk].each { |integration| part(integration) }
    expect(requests.values.sum).to eq(0)
    expect(PwbCrm::Integration.count).to eq(1)
  end

  it "is never taken back from a database that was copied after the disconnect" do
    [crm, desk].each(&:disconnect!)
    configure(environment: "a copy")
    [crm, desk].each { |integration| remove(integration) }
    expect([requests.values.sum, PwbCrm::Integration.ids]).to eq([0, [hook.id]])
  end

  it "waits while the kill switch is off" do
    configure(enabled: false)
    part(crm)
    expect([zoho.requests.size, row(crm).farewell_done_at]).to eq([0, nil])
    configure(enabled: true)
    remove(crm)
    expect(asked(zoho)).to eq(["POST /oauth/v2/token/revoke"])
  end

  it "takes the tokens that a renewal has stored in between" do
    stop = StopAt.new(/UPDATE .*disconnected_at/) do
      PwbCrm::Integration.find(desk.id).connect!(access_token: "newer", refresh_token: "r2")
    end
    stop.run { desk.disconnect! }
    expect(row(desk).farewell).to include("access_token" => "newer")
  end

  def told_of(&)
    events = []
    ActiveSupport::Notifications.subscribed(->(event) { events << event.payload }, "disconnect.pwb_crm", &)
    events.map { |one| one.values_at(:platform, :step, :outcome, :error_code) }
  end

  it "tells that an API token is left, which is not ended by anybody but the admin" do
    legacy = integration(site, "zendesk", config: { subdomain: "acme", email: "a@b.example", api_token: "s3cret" })
    expect(told_of { part(legacy) }.last).to eq(["zendesk", :revoke, :left, nil])
  end

  it "is told" do
    told = told_of do
      part(crm)
      zendesk.fail_next(1, status: 503)
      part(desk)
    end
    expect(told).to eq(
      [["zoho_crm", :credentials, :done, nil], ["zoho_crm", :hooks, :done, nil], ["zoho_crm", :revoke, :done, nil],
       ["zendesk", :credentials, :done, nil], ["zendesk", :hooks, :done, nil],
       ["zendesk", :revoke, :failed, "ServiceUnavailable"]]
    )
  end
end
