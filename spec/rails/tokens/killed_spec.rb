# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require "net/http"
require "timeout"

# Real processes and real signals, at the one instruction where tokens exist nowhere but in memory.
RSpec.describe "a worker between the remote's answer and its own store", :committed do
  let(:server) { PwbCrm::Testing::Server.start(fake) }
  let!(:crm) { integration(website, platform, config: { **expired, **place }) }
  let(:expired) do
    { access_token: "old", refresh_token: "first", token_expires_at: 1.hour.ago.iso8601,
      client_id: fake.client_id, client_secret: fake.client_secret }
  end

  before do
    configure(setting => server.url, allow_private_hosts: true)
    contact(crm.website)
    start_worker
  end

  after do
    server.stop
    kill if @pid
  end

  def setting = :"#{platform.delete_suffix("_crm")}_base_url"

  def start_worker
    @pid = start_process("renewer", crm.id, "#{setting}=#{server.url}")
    _, status = Timeout.timeout(60) { Process.wait2(@pid, Process::WUNTRACED) }
    @pid = nil unless status.stopped?
    expect(status).to be_stopped
  end

  def kill
    kill_process(@pid)
    @pid = nil
  end

  def wake_up
    Process.kill(:CONT, @pid)
    Timeout.timeout(60) { Process.wait(@pid) }
    @pid = nil
  end

  def let_lease_end = PwbCrm::Integration.where(id: crm.id).note(leased_until: 1.second.ago)

  def take_over
    let_lease_end
    all_due
    drain(crm)
    crm.reload
  end

  def states = PwbCrm::Delivery.pluck(:state, :attempts, :doubt)

  def renewals = fake.requests.count { |request| request.path.start_with?("/oauth") }

  describe "at Zoho, whose refresh tokens stay" do
    let(:platform) { "zoho_crm" }
    let(:fake) { PwbCrm::Testing::FakeZoho.new(access_token: "dead", refresh_token: "first") }

    def place = { api_domain: "https://www.zohoapis.com" }

    it "is killed: the next one renews again, and all arrives" do
      kill
      expect(take_over).to have_attributes(status: :ready, token_version: 1)
      expect(states.pluck(0)).to eq(%w[succeeded])
      expect([renewals, fake.records("Contacts").size]).to eq([2, 1])
    end

    it "is stopped: what it stores late does not replace what the next one has stored" do
      expect(take_over.token_version).to eq(1)
      newer = crm.config["access_token"]
      wake_up
      expect(crm.reload).to have_attributes(status: :ready, token_version: 1)
      expect(crm.config["access_token"]).to eq(newer)
      expect(fake.records("Contacts").size).to eq(1)
    end
  end

  describe "at Zendesk, whose refresh tokens rotate" do
    let(:platform) { "zendesk" }
    let(:fake) { PwbCrm::Testing::FakeZendesk.new(access_token: "dead", refresh_token: "first") }

    def place = { subdomain: "acme" }

    it "is killed: the pair is gone, the integration says so, and the deliveries wait until it is connected again" do
      kill
      expect(take_over).to have_attributes(status: :reconnect, state_reason: /Connect the account again; deliveries w/)
      expect(states.map(&:first)).to eq(%w[pending])
      expect(take_over && renewals).to eq(2), "a dead refresh token was sent again"

      connect_again
      expect(take_over.status).to eq(:ready)
      expect(states.map(&:first)).to eq(%w[succeeded])
    end

    it "is stopped: the next one finds the old token dead; when it wakes, what it stores connects again" do
      expect(take_over.status).to eq(:reconnect)
      wake_up
      expect(crm.reload).to have_attributes(status: :ready, state_reason: nil, token_version: 1)
      expect(crm.config.values_at("access_token", "refresh_token")).to eq([fake.access_token, fake.refresh_token])

      expect(take_over.status).to eq(:ready)
      expect(states.map(&:first)).to eq(%w[succeeded])
      expect([renewals, fake.users.size]).to eq([2, 1])
    end

    it "is stopped while people connect again: what it stores late does not replace their grant" do
      connect_again
      theirs = crm.tokens
      wake_up
      expect(crm.reload.tokens).to eq(theirs)
      expect(crm).to have_attributes(status: :ready, token_version: 1)
    end

    def connect_again
      grant = { grant_type: "authorization_code", code: fake.grant_code, client_id: fake.client_id,
                client_secret: fake.client_secret }
      answer = Net::HTTP.post(URI("#{server.url}/oauth/tokens"), grant.to_json, "content-type" => "application/json")
      crm.connect!(JSON.parse(answer.body))
    end
  end

  describe "at Zendesk, where a second use ends what the first one brought" do
    let(:platform) { "zendesk" }
    let(:fake) do
      PwbCrm::Testing::FakeZendesk.new(access_token: "dead", refresh_token: "first", revoke_on_reuse: true)
    end

    def place = { subdomain: "acme" }

    it "is stopped: the pair it stores late is found dead, and the integration says so" do
      expect(take_over.status).to eq(:reconnect)
      wake_up
      expect(crm.reload.token_version).to eq(1)
      expect(take_over.status).to eq(:reconnect)
      expect(states.map(&:first)).to eq(%w[pending])
    end
  end
end
