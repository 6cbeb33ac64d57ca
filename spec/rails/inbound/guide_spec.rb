# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the guide on what comes in" do
  page = PwbCrm::Engine.root.join("docs/10_inbound.md").read(encoding: "UTF-8")

  define_method(:example) do |words|
    page.scan(/^```ruby\n(.+?)^```$/m).flatten.find { |code| code.include?(words) } or raise "no example with #{words}"
  end

  def run_example(words, **variables)
    context = binding
    variables.each { |name, value| context.local_variable_set(name, value) }
    context.eval(example(words), "docs/10_inbound.md")
  end

  it "has routes that the app takes" do
    routes = ActionDispatch::Routing::RouteSet.new
    code = example("pwb_crm_routes")
    routes.draw { instance_eval(code) }
    path = "/api/crm/webhooks/zendesk/#{SecureRandom.hex(16)}"
    expect(routes.recognize_path(path, method: :post)).to include(controller: "pwb_crm/webhooks", action: "create")
    routes.draw { pwb_crm_routes(api_at: "/hooks/") }
    expect(routes.recognize_path("/hooks/webhooks/custom/1", method: :post)).to include(platform: "custom", key: "1")
  end

  it "makes a secret, an address and a handler with which an event arrives" do
    hook = webhook(website)
    person = contact(hook.website)
    run_example("inbound_secret", integration: hook)
    address = run_example("app.example.com", integration: hook)
    run_example("inbound_handlers", config: PwbCrm.config)
    told = { type: "contact.updated", timestamp: Time.now.utc.iso8601, data: { id: person.id, phone: "600" } }.to_json
    tell(address.delete_prefix("https://app.example.com"), told,
         from_webhook(told, secret: hook.config["inbound_secret"]))
    PwbCrm::IntegrationInboundJob.perform_now(hook.id)
    expect(person.reload.primary_phone_number).to eq("600")
  end

  it "lets a platform of one's own be told" do
    platforms = PwbCrm::Providers.instance_variable_get(:@classes)
    PwbCrm::Providers.register("hubspot", "HubspotProvider")
    run_example("class HubspotProvider")
    crm = integration(website, "hubspot", config: { hook_secret: "hub-secret" })
    body = { eventId: 1, subscriptionType: "contact.propertyChange", objectId: 7,
             occurredAt: 1_767_322_800_000 }.to_json
    sign = ->(text) { { "X-Hubspot-Signature" => OpenSSL::HMAC.hexdigest("SHA256", "hub-secret", text) } }
    expect([tell(crm, body), tell(crm, body, sign[body])].map(&:status)).to eq([401, 200])
    odd = ["{}", "[1]", "null", "{", body.sub("1767322800000", "1.5"), body.sub('"eventId":1', '"eventId":[]')]
    expect(odd.map { |text| tell(crm, text, sign[text]).status }.uniq).to eq([400])
    PwbCrm::IntegrationInboundJob.perform_now(crm.id)
    expect(crm.inbound_events.sole).to have_attributes(external_id: "7", error_code: "foreign")
  ensure
    PwbCrm::Providers.instance_variable_set(:@classes, platforms)
    Object.send(:remove_const, :HubspotProvider)
  end

  it "has failed events applied again" do
    event = integration(website, "zendesk")
            .inbound_events.create!(event_id: "1", event_type: "x", state: "failed", error_code: "handler_failed")
    run_example("InboundEvent.replay")
    expect(event.reload.state).to eq("pending")
  end

  it "names each status, state and code, and no other" do
    statuses = page.scan(/^\| (\d{3}) \|/).flatten.map(&:to_i)
    expect(statuses).to match_array([200, *PwbCrm::Inbound::Refusal::STATUSES.values.uniq])
    expect(page).to include(*PwbCrm::InboundEvent::STATES.map { |state| "| `#{state}` |" })
    expect(page).to include(*PwbCrm::Catalogue.entries("inbound").map { |entry| "`#{entry.code}`" })
  end

  it "says where the address is missing" do
    allow(Rails.application.routes).to receive(:url_helpers).and_return(Module.new)
    expect { webhook(website).webhook_path }.to raise_error(PwbCrm::ConfigurationError, /add pwb_crm_routes/)
  end
end
