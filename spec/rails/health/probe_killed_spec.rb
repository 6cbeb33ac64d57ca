# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# A real process, real HTTP, a real SIGKILL: an outage must not last for ever because whoever was to find out that it
# is over has died.
RSpec.describe "a worker that is killed while it finds out whether the remote works again", :committed do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token") }
  let(:server) { PwbCrm::Testing::Server.start(zoho) }
  let(:site) { website }
  let!(:crm) do
    integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" })
  end
  let!(:people) { Array.new(8) { |index| contact(site, primary_email: "a#{index}@example.com") } }

  before { configure(zoho_base_url: server.url, allow_private_hosts: true, outage_after: 1) }

  after { server.stop }

  def again = PwbCrm::Integration.find(crm.id)

  def open_breaker
    zoho.fail_next(1, status: 503)
    drain(crm)
    expect(again).to have_attributes(state_code: "outage", outages: 1)
    all_due
  end

  # Once Zoho has taken what the probe sends, and before its answer arrives.
  def kill_probe
    zoho.fail_next(1, delay: 8, only: ->(request) { request.post? || request.put? })
    pid = start_process("worker", crm.id, server.url)
    wait_until { zoho.records("Contacts").any? }
  ensure
    kill_process(pid)
  end

  # Contacts in each request.
  def sent = zoho.requests.map { |request| request.body.fetch("data").size }

  it "is followed by another one, and all is delivered once" do
    open_breaker
    kill_probe
    expect(again).to have_attributes(outages: 1, status: :ready)

    PwbCrm::Integration.note(leased_until: 1.second.ago)
    expect(PwbCrm::Sweep.call).to eq([crm.id])
    drain(crm)
    expect(sent).to eq([8, 3, 3, 2])
    expect(again).to have_attributes(outages: 0, status: :ready)

    all_due
    drain(crm)
    expect(PwbCrm::Delivery.pluck(:state).uniq).to eq(%w[succeeded])
    expect(zoho.records("Contacts").map { |one| one["Email"] }).to match_array(people.map(&:primary_email))
  end
end
