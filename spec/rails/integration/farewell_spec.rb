# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what a disconnected integration takes back at the remote" do
  include_context "with remotes"
  include_context "with an error reporter"

  let(:job) { PwbCrm::IntegrationRemovalJob }
  let(:zoho_config) do
    { api_domain: "https://www.zohoapis.com", access_token: "zoho-token", refresh_token: zoho.refresh_token,
      client_id: "c", client_secret: "s3cret" }
  end

  def part(integration, **) = integration.disconnect!(**).then { remove(integration) }

  def remove(integration) = job.perform_now(integration.id)

  def row(integration) = PwbCrm::Integration.find_by(id: integration.id)

  def asked(fake) = fake.requests.map { |one| "#{one.method} #{one.path}" }

  # As whoever makes them there notes them.
  def hooks(**made)
    made.each do |type, id|
      zendesk.add_hook(type.to_s, id.to_s)
      desk.remember_hook!(type:, id:)
    end
  end

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

  it "is tried again where the remote is down, later each time, and at last given up and told" do
    zoho.fail_next(100, status: 503)
    contact(site)
    expect { part(crm) }.to have_enqueued_job(job).with(crm.id).at(a_value_within(20).of(60.seconds.from_now))
    pass(1800)
    expect { remove(crm) }.to have_enqueued_job(job).with(crm.id).at(a_value_within(60).of(1800.seconds.from_now))
    expect([PwbCrm::Delivery.where(integration: crm).count, reported.errors]).to eq([0, []])

    pass(86_400)
    expect { remove(crm) }.not_to have_enqueued_job(job)
    expect(row(crm)).to be_nil
    expect(reported.errors.sole).to be_a(PwbCrm::RemoteError)
  end

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

  describe "of a provider that raises" do
    let(:theirs) { integration(site, config: { access_token: "t" }) }

    def raising(step, fault)
      faulty = Class.new(ScriptedProvider) do
        def farewell = { "token" => "t" }
        def hook_types = %w[webhook]
        define_method(step) { |*| raise fault }
      end
      stub_const("ScriptedProvider", faulty).reset
    end

    it "is tried again, and given up at last, and its data do not wait for that" do
      raising(:remove_hooks, "a bug")
      theirs.remember_hook!(type: "webhook", id: "01GA")
      contact(site)
      expect { part(theirs) }.to have_enqueued_job(job).with(theirs.id).at(a_value_within(20).of(60.seconds.from_now))
      expect([PwbCrm::Delivery.where(integration: theirs).count, row(theirs).hooks.size]).to eq([0, 1])
      expect(reported.errors.sole).to be_a(RuntimeError)

      pass(86_400)
      remove(theirs)
      expect(row(theirs)).to be_nil
      expect(reported.errors.last).to be_a(PwbCrm::InternalError)
      expect(reported.errors.last.message).to match(/has left there \(hooks: webhook 01GA\) raised RuntimeError.\z/)
    end

    it "keeps nothing for ever where a token cannot be ended" do
      raising(:revoke, NoMethodError)
      part(theirs)
      expect(row(theirs).farewell_done_at).to be_nil
      pass(86_400)
      expect { remove(theirs) }.to change { row(theirs) }.to(nil)
    end
  end

  it "keeps no other integration waiting that was disconnected too, nor the prune" do
    [desk, crm].sort_by(&:id).each(&:disconnect!)
    first = [desk, crm].min_by(&:id)
    allow(PwbCrm::Receipt).to receive(:abandon).and_call_original
    allow(PwbCrm::Receipt).to receive(:abandon).with(first.id, anything).and_raise(ActiveRecord::StatementTimeout)
    expect(PwbCrm::Pruning.call).to include(integrations: 1)
    expect(PwbCrm::Integration.where(id: [desk, crm])).to eq([first])
    expect([reported.errors.map(&:class), reported.contexts.sole.dig(:context, :doing)])
      .to eq([[ActiveRecord::StatementTimeout], "removing integration #{first.id}"])
  end

  it "goes on where it was" do
    hooks(webhook: "01GA")
    zendesk.fail_next(1, status: 503, only: ->(request) { request.path.include?("oauth") })
    part(desk)
    expect(row(desk)).to have_attributes(hooks: [], farewell_done_at: nil)
    remove(desk)
    expect(asked(zendesk).grep(/DELETE/)).to eq(["DELETE /api/v2/webhooks/01GA", "DELETE /api/v2/oauth/tokens/1"])
    expect(row(desk)).to be_nil
  end

  it "is done by one job at a time, because two would end each other's tokens" do
    desk.disconnect!
    stop = StopAt.new(/UPDATE .* SET .*"?hooks/) do
      expect { remove(desk) }.to have_enqueued_job(job).with(desk.id).at(a_value > 10.seconds.from_now)
    end
    stop.run { remove(desk) }
    expect(asked(zendesk)).to eq(["GET /api/v2/oauth/tokens/current", "DELETE /api/v2/oauth/tokens/1"])
    expect([row(desk), reported.errors]).to eq([nil, []])
  end

  it "is taken up by another job when the first one dies, once its lease has ended" do
    desk.disconnect!
    PwbCrm::Lease.acquire(desk.id)
    remove(desk)
    expect([zendesk.requests.size, row(desk).farewell_done_at]).to eq([0, nil])
    pass(PwbCrm::Lease.time + 1)
    remove(desk)
    expect([zendesk.requests.size, row(desk)]).to eq([2, nil])
  end

  it "stops without another word when somebody else has taken over" do
    desk.disconnect!
    stop = StopAt.new(/UPDATE .* SET .*"?hooks/) do
      PwbCrm::Integration.where(id: desk.id).note(lease_token: Arel.sql("lease_token + 1"))
    end
    stop.run { remove(desk) }
    expect([zendesk.requests.size, row(desk).farewell.present?]).to eq([0, true])
    expect(reported.errors.sole).to be_a(PwbCrm::Lease::Lost)
  end

  it "is never taken back from a copied database" do
    configure(environment: "a copy")
    [crm, desk].each { |integration| part(integration) }
    expect(requests.values.sum).to eq(0)
    expect(PwbCrm::Integration.count).to eq(1)
    copy = hook
    copy.update_columns(disconnected_at: Time.current, farewell: { "token" => "t" })
    remove(copy)
    expect(requests.values.sum).to eq(0)
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
