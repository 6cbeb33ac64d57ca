# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# A real process, real HTTP, a real SIGKILL: nothing of the worker can tidy up.
RSpec.describe "a worker that is killed while a request is in flight", :committed do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token") }
  let(:server) { PwbCrm::Testing::Server.start(zoho) }
  let(:site) { website }
  let(:crm) do
    integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" })
  end

  before do
    configure(zoho_base_url: server.url, allow_private_hosts: true)
    crm
    # Without an e-mail address Zoho finds no duplicate by itself.
    message(site, contact: contact(site, primary_email: nil))
  end

  after { server.stop }

  # Kills a worker once Zoho has taken the record and before its answer arrives.
  def kill_while_posting(type)
    zoho.fail_next(1, delay: 8, only: ->(request) { request.post? && request.path.end_with?("/#{type}") })
    pid = start_process("worker", crm.id, server.url)
    wait_until { zoho.records(type).any? }
  ensure
    kill_process(pid)
  end

  def let_lease_end = PwbCrm::Integration.where(id: crm.id).note(leased_until: 1.second.ago)

  def states = PwbCrm::Delivery.order(:id).pluck(:record_type, :state).to_h

  it "is followed by one that waits for its lease, looks before it repeats, and leaves one of each" do
    kill_while_posting("Contacts")
    drain(crm)
    expect(states).to eq("contact" => "in_flight", "message" => "pending")

    let_lease_end
    expect(PwbCrm::Sweep.call).to eq([crm.id])
    kill_while_posting("Notes")
    expect(states).to eq("contact" => "succeeded", "message" => "in_flight")

    let_lease_end
    drain(crm)
    expect(states).to eq("contact" => "succeeded", "message" => "succeeded")
    expect(zoho.requests.map(&:method)).to eq(%w[POST GET PUT] * 2)
    remote_ids = [zoho.records("Contacts").sole["id"], zoho.records("Notes").sole["id"]]
    expect(crm.links.order(:record_type).pluck(:external_id)).to eq(remote_ids)
  end
end
