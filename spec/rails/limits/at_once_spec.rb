# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# Remotes that take a while to answer: what they allow at once is used, and no more.
RSpec.describe "Requests under way at once", :committed do
  # Answers after a moment, and knows how many it had at once.
  let(:slow) do
    Struct.new(:remote, :moment, :most, :under_way, :lock) do
      def call(env)
        lock.synchronize { self.most = [most, self.under_way += 1].max }
        answer = remote.call(env)
        sleep moment
        answer
      ensure
        lock.synchronize { self.under_way -= 1 }
      end
    end
  end
  let(:moment) { 0.25 }

  def behind(remote, moment) = slow.new(remote, moment, 0, 0, Mutex.new)

  def serve(app)
    PwbCrm::Testing::Server.start(app, threads: 40) do |server|
      configure(keep_to_limits: true, allow_private_hosts: true, settle_time: 0, zoho_base_url: server.url,
                zendesk_base_url: server.url)
      yield server
    end
  end

  def people(site, count)
    rows = Array.new(count) do |n|
      { website_id: site.id, first_name: "Ana", primary_email: "#{n}-#{site.id}@example.com" }
    end
    Pwb::Contact.insert_all!(rows, returning: :id).rows.flatten
  end

  def statuses(remote) = remote.requests.map(&:status).tally

  describe "to Zoho" do
    let(:zoho) { PwbCrm::Testing::FakeZoho.new(concurrency: 20) }
    let(:app) { behind(held(zoho), 0) }

    # Counts as under way until it is answered, long after the last of them has come.
    def held(remote) = remote.fail_next(10_000, delay: 1)

    def connected(site, edition)
      integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" },
                                    settings: { "edition" => edition })
    end

    def backlog(crm, count)
      people(crm.website, count)
      PwbCrm.track(Pwb::Contact.where(website: crm.website))
    end

    it "are the ten heavy ones that it takes, for a thousand records" do
      crm = connected(website, "enterprise")
      crm.note_account("acme")
      backlog(crm, 1000)
      serve(app) { drain(crm) }
      expect(crm.deliveries.group(:state).count).to eq("succeeded" => 1000)
      expect(app.most).to be_between(8, 10)
      expect(statuses(zoho)).to eq(200 => 10)
    end

    it "are fewer in an edition that takes fewer" do
      configure(keep_to_limits: true)
      expect(%w[free enterprise].map { |edition| connected(website, edition).provider.slice }).to eq([500, 1000])
    end

    it "are a share of all and of the heavy ones by the calls that are held, where others are on the organisation" do
      configure(keep_to_limits: true)
      crm = connected(website, "ultimate").tap { |one| one.note_account("acme") }
      made = []
      allow(PwbCrm::ZohoClient).to receive(:new) { |concurrency:, heavy:, **| made << [concurrency, heavy] }
      [nil, 1, 5, 10].each { |calls| crm.provider.granting(calls).client }
      expect(made).to eq([[25, 10], [2, 1], [12, 5], [25, 10]])
    end

    # Straight to the client, which has more of them to do than it may at once.
    it "are no more heavy ones than it is told, however many others may go" do
      records = Array.new(101) { |n| { first_name: "Ana", email: "#{n}@example.com" } }
      serve(app) do |server|
        client = PwbCrm::ZohoClient.new(access_token: "zoho-token", api_domain: server.url, concurrency: 8, heavy: 2,
                                        shadow_key: "0123456789abcdef")
        Array.new(4) { Thread.new { client.upsert("Contacts", records.first(100)) } }.each(&:join)
        expect(app.most).to eq(2)
        app.most = 0
        Array.new(4) { Thread.new { client.upsert("Contacts", records.first(10)) } }.each(&:join)
        expect(app.most).to be > 2
      end
    end

    it "are those of the heavy ones that others on the organisation have left" do
      crm, other = Array.new(2) { connected(website, "enterprise") }.each { |one| one.note_account("acme") }
      PwbCrm::Lease.acquire(other.id).note(calls_held: 7)
      backlog(crm, 400)
      serve(app) { drain(crm) }
      expect([app.most, statuses(zoho)]).to eq([3, { 200 => 4 }])
      expect(crm.deliveries.group(:state).count).to eq("succeeded" => 400)
    end
  end

  describe "to Zendesk" do
    let(:desk) { PwbCrm::Testing::FakeZendesk.new(per_minute: 2500) }
    let(:app) { behind(desk, moment) }

    def connected(site, **settings)
      integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" }, settings:)
    end

    # Enquiries of somebody who is there.
    def backlog(crm, count)
      contact_id = people(crm.website, 1).first
      user = desk.add_user("name" => "Ana", "email" => "ana@example.com")
      PwbCrm::Link.create!(integration: crm, record_type: "contact", record_id: contact_id, external_type: "user",
                           external_id: user["id"], shadow: {}, updated_at: 1.hour.ago)
      asked = { website_id: crm.website_id, contact_id:, title: "T", content: "?" }
      Pwb::Message.insert_all!(Array.new(count) { asked })
      PwbCrm.track(Pwb::Message.where(website: crm.website))
    end

    def at_once(crm) = PwbCrm::Integration.find(crm.id).provider.slice

    it "are as many as the requests of its plan need" do
      crm = connected(website, requests_per_minute: 2500)
      crm.note_account("acme")
      backlog(crm, 75)
      serve(app) { drain(crm) }
      expect(crm.deliveries.group(:state).count).to eq("succeeded" => 75)
      expect([app.most, statuses(desk)]).to eq([25, { 201 => 75 }])
    end

    it "follow what replies tell of the plan, and are shared by all on the account" do
      configure(keep_to_limits: true)
      crm = connected(website)
      crm.note_account("acme")
      expect(at_once(crm)).to eq(10)
      PwbCrm::Budget.learn(crm.budget_account, { "requests" => { limit: 2500, remaining: 2400, reset: 60 } })
      expect(at_once(crm)).to eq(25)
      connected(website).note_account("acme")
      expect(at_once(crm)).to eq(12)
    end
  end
end
