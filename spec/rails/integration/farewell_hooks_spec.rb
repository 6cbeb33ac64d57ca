# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the hooks of a disconnected integration" do
  include_context "with farewells"

  describe "at Zoho" do
    def channels(*ids, **)
      ids.each do |id|
        zoho.add_channel(id, **)
        crm.remember_hook!(type: "channel", id:)
      end
    end

    it "is the notification channels, before the grant ends" do
      channels("1000000068001", "1000000068002", modules: %w[Contacts Leads])
      part(crm)
      expect(asked(zoho)).to eq([*["DELETE /crm/v8/actions/watch"] * 2, "POST /oauth/v2/token/revoke"])
      expect([zoho.channels, row(crm), reported.errors]).to eq([[], nil, []])
    end

    it "is fine where one of them has ended by itself, or was removed" do
      channels("1", life: -1)
      channels("2")
      crm.remember_hook!(type: "channel", id: "3")
      part(crm)
      expect([zoho.channels, row(crm), reported.errors]).to eq([[], nil, []])
    end

    it "renews the access token, once, where it has ended" do
      channels("1", "2")
      zoho.revoke_token!
      crm.update!(config: { **zoho_config, client_id: zoho.client_id, client_secret: zoho.client_secret })
      part(crm)
      expect(asked(zoho)).to eq(["DELETE /crm/v8/actions/watch", "POST /oauth/v2/token",
                                 *["DELETE /crm/v8/actions/watch"] * 2, "POST /oauth/v2/token/revoke"])
      expect([zoho.channels, row(crm), reported.errors]).to eq([[], nil, []])
    end

    it "names the channels that somebody has to end, where the grant does not reach so far, and ends the grant" do
      channels("1", "2")
      zoho.close_scope("notifications")
      part(crm)
      expect(asked(zoho)).to eq(["DELETE /crm/v8/actions/watch", "POST /oauth/v2/token/revoke"])
      expect([reported.errors.sole, row(crm)]).to match([PwbCrm::PermissionError, nil])
      expect(reported.contexts.sole.dig(:context, :doing)).to match(/\(hooks: channel 1, channel 2\)/)
    end

    it "is tried again where Zoho is down for a moment" do
      channels("1")
      zoho.fail_next(1, status: 503)
      part(crm)
      expect([zoho.channels, row(crm).hooks.size]).to eq([["1"], 1])
      remove(crm)
      expect([zoho.channels, row(crm)]).to eq([[], nil])
    end
  end

  describe "of webhooks that nobody has noted" do
    let(:path) { "https://app.example.com/api/crm/webhooks/zendesk/#{desk.key}" }

    before { desk.update!(config: desk.config.merge("hook_secret" => "s3cret")) }

    it "is each that sends to this integration's own address, and no other" do
      other = integration(site, "zendesk", config: { subdomain: "other", access_token: "zendesk-token" })
      zendesk.add_hook("webhook", "01A", endpoint: path)
      zendesk.add_hook("webhook", "01B", endpoint: path.sub(desk.key, other.key))
      101.times { |n| zendesk.add_hook("webhook", "02N#{n}", endpoint: "https://elsewhere.example/#{n}") }
      zendesk.add_hook("webhook", "01C", endpoint: "#{path}?x=1")
      zendesk.add_hook("trigger", "7")
      part(desk)
      expect(zendesk.hooks.pluck("id") & %w[01A 01B 01C 7]).to eq(%w[01B 7])
      expect(asked(zendesk).tally.slice("GET /api/v2/webhooks", "DELETE /api/v2/oauth/tokens/1").values).to eq([2, 1])
      expect([zendesk.hooks.size, row(desk), reported.errors]).to eq([103, nil, []])
    end

    it "is left to people where it may not be listed, without the key, and the token ends" do
      zendesk.fail_next(1, status: 403, only: ->(request) { request.path.end_with?("/webhooks") })
      part(desk)
      expect([reported.errors.sole, row(desk)]).to match([PwbCrm::PermissionError, nil])
      expect(reported.contexts.sole.dig(:context, :doing)).to match(/has left there \(webhooks to this app\)\z/)
      expect(reported.errors.sole.message + reported.contexts.to_s).not_to include(desk.key)
      expect(asked(zendesk).last).to eq("DELETE /api/v2/oauth/tokens/1")
    end
  end
end
