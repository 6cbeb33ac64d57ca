# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require "json"
require "open3"
require "timeout"

# Real processes, real HTTP, one moment: drains, immediate deliveries and direct renewals.
RSpec.describe "many processes that find a token expired at the same moment", :committed do
  # On both databases: on SQLite they take turns at writing, and wait in the dummy's busy handler.
  let(:processes) { 32 }
  let(:expired) { { access_token: "old", refresh_token: "first", token_expires_at: 1.hour.ago.iso8601, **client } }
  let(:server) { PwbCrm::Testing::Server.start(fake) }
  let!(:crm) { integration(website, platform, config: { **expired, **place }) }
  let!(:people) { Array.new(processes) { |number| contact(crm.website, primary_email: "ana#{number}@example.com") } }

  before { configure("#{remote}_base_url": server.url, allow_private_hosts: true) }

  after { server.stop }

  def remote = platform.delete_suffix("_crm")

  def client = { client_id: fake.client_id, client_secret: fake.client_secret }

  def stampede
    arguments = [crm.id, remote, server.url, processes].map(&:to_s)
    out, status = Timeout.timeout(120) { Open3.capture2(RbConfig.ruby, script("stampede"), *arguments) }
    expect(status).to be_success
    JSON.parse(out)
  end

  # What a drain left to others, because the lease was taken, is found by the next sweep.
  def sweep
    all_due
    PwbCrm::Sweep.drain
  end

  def renewals = fake.requests.count { |request| request.path.match?(%r{\A/oauth/.*tokens?\z}) }

  shared_examples "one renewal" do
    it "leads to one renewal, whose tokens all use; nobody is disconnected, and every record arrives once" do
      results = stampede
      expect(results.pluck("error").compact).to be_empty
      expect(results.pluck("token").compact.uniq).to eq([fake.access_token])
      expect(crm.reload).to have_attributes(status: :ready, token_version: 1)

      sweep
      expect(renewals).to eq(1)
      expect(arrived.tally).to eq(people.to_h { |person| [person.primary_email, 1] })
      # Who delivers at once what is on its way already finds nothing left to send.
      expect(PwbCrm::Delivery.distinct.pluck(:state) - %w[succeeded skipped]).to be_empty
    end
  end

  describe "at Zendesk, which ends everything when a refresh token is used twice" do
    let(:platform) { "zendesk" }
    let(:fake) do
      PwbCrm::Testing::FakeZendesk.new(access_token: "dead", refresh_token: "first", revoke_on_reuse: true)
    end

    def place = { subdomain: "acme" }

    def arrived = fake.users.pluck("email")

    it_behaves_like "one renewal"
  end

  describe "at Zoho, which grants ten in ten minutes, when nobody knows that it has expired" do
    let(:platform) { "zoho_crm" }
    let(:fake) { PwbCrm::Testing::FakeZoho.new(access_token: "dead", refresh_token: "first") }

    # Without an end it is found out by the first refusal.
    def place = { api_domain: "https://www.zohoapis.com", token_expires_at: nil }

    def arrived = fake.records("Contacts").pluck("Email")

    it_behaves_like "one renewal"
  end
end
