# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Testing::Kit do
  let(:site) { website(subdomain: "acme") }
  let(:crm) do
    integration(site, "zoho_crm", config: { access_token: "zoho-token", api_domain: "https://www.zohoapis.eu" })
  end
  let(:desk) { integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" }) }
  let(:hook) { webhook(site, config: { webhook_secret: PwbCrm::Testing::WEBHOOK_SECRET }) }

  def all = [crm, desk, hook]

  describe "fake!" do
    it "puts remotes side by side, under all names they go by" do
      all
      fakes = [fake!(:zoho), fake!(:zendesk), fake!(:webhook)]
      contact(site)
      expect(drain_crm!).to eq(3)
      expect(fakes[0].records("Contacts").size + fakes[1].users.size + fakes[2].events.size).to eq(3)
    end

    it "takes what the fakes take" do
      desk = fake!("zendesk", subdomain: "other", access_token: "t0ken-of-other")
      expect(desk.access_token).to eq("t0ken-of-other")
      expect(PwbCrm.config.transport["OTHER.zendesk.com"]).to equal(desk)
      receiver = fake!(:webhook, url: "https://zaps.example.org/a", secrets: PwbCrm::Testing::WEBHOOK_SECRET)
      expect(PwbCrm.config.transport["zaps.example.org"]).to equal(receiver)
    end

    it "knows no other remote" do
      expect { fake!(:hubspot) }.to raise_error(PwbCrm::Testing::UsageError, /hubspot.*:zoho, :zendesk and :webhook/)
    end

    it "waits for no limit, unless it is to" do
      configure(keep_to_limits: true)
      fake!(:zoho)
      expect(PwbCrm.config.keep_to_limits).to be(false)
      fake!(:zoho, limits: true)
      expect(PwbCrm.config.keep_to_limits).to be(true)
    end

    it "is undone by reset!, with time" do
      transport = ->(_) {}
      configure(transport:, keep_to_limits: true)
      fake!(:zoho)
      PwbCrm::Testing.travel(60)
      expect(PwbCrm::Sql.offset).to eq(60)
      PwbCrm::Testing.reset!
      expect(PwbCrm.config).to have_attributes(transport:, keep_to_limits: true)
      expect(PwbCrm::Sql.offset).to eq(0)
    end
  end

  describe "a queue whose jobs run beside the example, as :async does," do
    let(:queue) { MiniQueue.new }

    around do |example|
      jobs = [PwbCrm::IntegrationSyncJob, PwbCrm::IntegrationInboundJob]
      before = jobs.map(&:queue_adapter)
      jobs.each { |job| job.queue_adapter = queue }
      PwbCrm::Testing.hold_jobs = true
      example.run
    ensure
      PwbCrm::Testing.hold_jobs = false
      jobs.zip(before) { |job, adapter| job.queue_adapter = adapter }
    end

    # The integrations whose jobs it got.
    def taken = PwbCrm::Integration.ids.select { |id| queue.any?(id) }

    it "gets no job of the engine's, from the first save of an example on" do
      desk.update!(config: desk.config.merge("hook_secret" => "desk-secret"))
      broken = ticket(site)
      expect(PwbCrm).to have_queued_crm_delivery(broken)
      fake!(:zendesk)
      drain_crm!
      expect(deliver_crm_webhook(:zendesk, broken, status: "solved")).to eq(200)
      expect(PwbCrm::InboundEvent.sole.state).to eq("pending")
      expect(taken).to eq([])
    end

    it "gets them if it is to" do
      PwbCrm::Testing.hold_jobs = false
      desk && contact(site)
      expect(taken).to eq([desk.id])
    end

    it "gets them when no example is running" do
      PwbCrm::Testing.reset!
      desk && contact(site)
      expect(taken).to eq([desk.id])
    end

    it "gets none while a fake stands, outside RSpec, too" do
      PwbCrm::Testing.reset!
      fake!(:zendesk)
      desk && contact(site)
      expect(taken).to eq([])
    end
  end

  describe "drain_crm!" do
    it "goes on until what failed has arrived, whatever was asked for in between" do
      crm
      zoho = fake!(:zoho)
      zoho.fail_next(status: 429, retry_after: 600).fail_next(2, status: 500).fail_next(status: 429)
      contact(site)
      expect(drain_crm!).to eq(1)
      expect(zoho.failures_left).to eq(0)
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    end

    it "ends where nothing moves" do
      crm
      fake!(:zoho).fail_next(1000, status: 503)
      contact(site)
      drain_crm!
      expect(PwbCrm::Delivery.sole.state).to be_in(%w[pending failed])
    end

    it "delivers for one integration only, if told so" do
      all
      fake!(:zendesk)
      contact(site)
      expect(drain_crm!(desk)).to eq(1)
      expect(PwbCrm::Delivery.group(:state).count).to eq("pending" => 2, "succeeded" => 1)
    end

    it "takes nothing else for an integration, be it a website with the same id" do
      [website, "x", desk.id, fake!(:zendesk)].each do |other|
        expect { drain_crm!(other) }.to raise_error(PwbCrm::Testing::UsageError, /takes an integration, or nothing/)
      end
    end

    it "goes on with a resync until it is done" do
      people = Array.new(3) { contact(site) }
      fake!(:zendesk)
      run = PwbCrm.resync(desk)
      expect(drain_crm!).to eq(3)
      expect(run.reload.state).to eq("done")
      people.each { |person| expect(desk).to have_synced(person) }
    end

    it "leaves alone what people have stopped" do
      desk.pause!("moving")
      fake!(:zendesk)
      contact(site)
      expect(drain_crm!).to eq(0)
      expect(desk.reload.state).to eq("paused")
    end
  end

  describe "travel" do
    it "lets the fakes' and the database's time pass" do
      crm
      zoho = fake!(:zoho)
      PwbCrm::Testing.travel(3601)
      contact(site)
      drain_crm!
      expect(zoho.requests.map(&:status)).to include(401)
      expect(PwbCrm::Delivery.sole.run_at).to be > 59.minutes.from_now
    end
  end
end
