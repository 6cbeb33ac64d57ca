# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# A small tenant's outage: nothing else is saved meanwhile, so that only repeats tell of it.
RSpec.describe "A quiet outage" do
  include ActiveJob::TestHelper
  include PwbCrm::Testing::Kit

  let(:site) { website }
  let(:days) { 2 * 86_400 }

  before { configure(settle_time: 0) }

  after { PwbCrm::Testing.reset! }

  def again = PwbCrm::Integration.find(@crm.id)

  def now = PwbCrm::Testing.stage.offset

  def zoho
    integration(site, "zoho_crm",
                config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token",
                          client_id: "zoho-client-id", client_secret: "zoho-client-secret",
                          refresh_token: "zoho-refresh-token" })
  end

  def zendesk
    integration(site, "zendesk", config: { subdomain: "acme", email: "a@b.example", api_token: "key" })
  end

  def hook
    integration(site, "custom", webhook_url: "https://hooks.example.com/crm",
                                config: { webhook_secret: PwbCrm::Testing::WEBHOOK_SECRET })
  end

  # Something arrives, then nothing any more.
  def out(crm, remote, status)
    @crm = crm
    contact(site, primary_email: "first@example.com")
    drain(crm)
    expect(states).to eq("succeeded" => 1)
    PwbCrm::Testing.travel(5)
    @out = true
    remote.fail_next(100_000, status:, only: ->(request) { @out && !request.path.start_with?("/oauth") })
  end

  def states = PwbCrm::Delivery.group(:state).count

  # Drains when something is due, in an outage every two hours; answers how the integration was meanwhile.
  def go_on_for(seconds)
    ends = now + seconds
    seen = []
    while now < ends && (wait = PwbCrm::Conveyor.send(:next_due, @crm.id))
      PwbCrm::Testing.travel([wait, again.probing? ? 7200 : 1].max)
      drain(@crm)
      seen << again.health
    end
    seen
  end

  def expect_an_outage(seen)
    expect(states.keys).to match_array(%w[pending succeeded])
    expect(seen.last(20).map(&:state).uniq).to eq(%i[paused_by_us])
    expect(seen.filter_map(&:why).grep(/workers|given up/)).to be_empty
  end

  def heal
    @out = false
    go_on_for(7 * 3600)
    expect(states.keys).to eq(%w[succeeded])
    expect(again).to have_attributes(outages: 0, failures_in_row: 0, status: :ready)
  end

  it "of Zoho, where many share a request, makes no dead letter" do
    remote = fake!(:zoho)
    out(zoho, remote, 500)
    emails = Array.new(60) { |number| contact(site, primary_email: "a#{number}@example.com").primary_email }
    expect_an_outage(go_on_for(days))
    heal
    expect(remote.records("Contacts").map { |one| one["Email"] }).to match_array(["first@example.com", *emails])
  end

  it "of Zendesk with one contact and its messages makes none, either" do
    remote = fake!(:zendesk, subdomain: "acme", email: "a@b.example", api_token: "key")
    out(zendesk, remote, 502)
    ana = contact(site)
    3.times { |number| message(site, contact: ana, content: "Message #{number}") }
    expect_an_outage(go_on_for(days))
    heal
    expect([remote.users.size, remote.tickets.size]).to eq([2, 3])
  end

  it "of a receiver with one record makes none, either" do
    remote = fake!(:webhook)
    out(hook, remote, 503)
    contact(site)
    expect_an_outage(go_on_for(days))
    heal
    expect(remote.requests.count { |request| request.status < 300 }).to eq(2)
  end
end
