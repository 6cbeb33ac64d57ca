# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe "a renewal that hangs", :committed do
  let(:fake) { PwbCrm::Testing::FakeZendesk.new(access_token: "dead", refresh_token: "first") }
  let(:server) { PwbCrm::Testing::Server.start(fake) }
  let(:crm) do
    integration(website, "zendesk", config: { subdomain: "acme", access_token: "old", refresh_token: "first",
                                              token_expires_at: 1.hour.ago.iso8601, client_id: fake.client_id,
                                              client_secret: fake.client_secret })
  end

  before do
    configure(zendesk_base_url: server.url, allow_private_hosts: true, timeout: 2, lease_time: 3)
    crm
    3.times { contact(crm.website) }
    fake.fail_next(status: 500, delay: 30)
  end

  after { server.stop }

  def in_thread(&) = Thread.new { Rails.application.executor.wrap(&) }

  def again = PwbCrm::Integration.find(crm.id)

  def attempt
    again.refresh_tokens!
  rescue PwbCrm::Error => e
    e.message
  end

  def hanging = wait_until { fake.requests.any? }

  it "can be given up before its time, and leaves no lease behind" do
    configure(timeout: 25, lease_time: 60)
    worker = in_thread { attempt }
    hanging
    worker.kill
    expect(worker.join(10)).to eq(worker)
    expect(PwbCrm::Lease.acquire(crm.id)).to be_present
    expect(again).to have_attributes(status: :ready, token_version: 0)
  end

  it "ends with the timeout, under a lease that outlives it; the others wait or go, and nobody asks again" do
    worker = in_thread { drain(crm) }
    hanging
    lease_left = again.leased_until - Time.current
    others = Array.new(4) { in_thread { attempt } }
    3.times { drain(crm) }
    reason = /not renewed now. Its tokens could not be renewed: .*within (1\.\d|2\.0) s/
    expect(others.map(&:value)).to all(match(reason))
    worker.join
    drain(crm)

    expect(fake.requests.size).to eq(1)
    expect(lease_left).to be > PwbCrm.config.timeout
    expect(again.status).to eq(:paused)
    expect(PwbCrm::Delivery.pluck(:state, :attempts).uniq).to eq([["pending", 0]])
  end
end
