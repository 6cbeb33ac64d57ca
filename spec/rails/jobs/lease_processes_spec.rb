# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require "sidekiq"
require "support/redis_server"
require "support/sidekiq_worker"
require_relative "../support/processes/diary_provider"

# The lease between real processes, over real HTTP.
RSpec.describe "The lease over processes", :committed do
  let(:site) { website }

  def end_well(*pids) = pids.each { |pid| expect(Process.wait2(pid).last).to be_success }

  describe "of one that many hammer at" do
    let(:diary) { File.join(@home, "diary") }
    let(:crm) { integration(site, "diary", settings: { diary: }) }
    let(:entries) do
      File.readlines(diary).map(&:split).map { |pid, began, ended, ids| [pid, began.to_f, ended.to_f, ids.split(",")] }
    end

    around { |example| Dir.mktmpdir { |home| (@home = home) && example.run } }

    it "lets one of them send at a time, all of them in turn, each record once" do
      crm
      people = Array.new(80) { contact(site) }
      settings = JSON.generate(drain_budget: 0.05, settle_time: 0)
      pids = Array.new(3) { start_process("hammer", crm.id, @home, env: { "PWB_CRM_SETTINGS" => settings }) }
      wait_until { Dir[File.join(@home, "ready-*")].size == pids.size }
      FileUtils.touch(File.join(@home, "go"))
      end_well(*pids)

      expect(entries.flat_map(&:last)).to match_array(people.map { |one| one.id.to_s })
      expect(entries.map(&:first).uniq.size).to be > 1
      in_order = entries.sort_by { |_, began| began }
      expect(in_order.each_cons(2)).to all(satisfy { |one, other| one[2] <= other[1] })
      expect(PwbCrm::Delivery.pluck(:state, :attempts, :doubt).uniq).to eq([["succeeded", 1, false]])
    end
  end

  describe "while a request is in flight" do
    let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token") }
    let(:server) { PwbCrm::Testing::Server.start(zoho) }
    let(:crm) do
      integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" })
    end
    let(:settings) { { zoho_base_url: server.url, allow_private_hosts: true, settle_time: 0 } }

    before { configure(**settings) && crm }

    after { server.stop }

    # Without an e-mail address Zoho finds no duplicate by itself.
    def enquire = message(site, contact: contact(site, primary_email: nil))

    # The answer to the contact's POST takes that long.
    def hold_answer(seconds) = zoho.fail_next(1, delay: seconds, only: ->(request) { request.post? })

    def wait_for_contact = wait_until { zoho.records("Contacts").any? }

    def let_lease_end = PwbCrm::Integration.where(id: crm.id).note(leased_until: 1.second.ago)

    def states = PwbCrm::Delivery.order(:id).pluck(:record_type, :state).to_h

    def expect_one_of_each
      expect(states).to eq("contact" => "succeeded", "message" => "succeeded")
      remote_ids = %w[Contacts Notes].map { |type| zoho.records(type).sole["id"] }
      expect(crm.links.order(:record_type).pluck(:external_id)).to eq(remote_ids)
    end

    it "is lost by who was stopped for longer: it sends and writes nothing more" do
      enquire
      hold_answer(1)
      pid = start_process("worker", crm.id, server.url)
      wait_for_contact
      Process.kill(:STOP, pid)
      let_lease_end
      drain(crm)
      expect_one_of_each
      told = -> { [zoho.requests.size, PwbCrm::SyncLog.count, PwbCrm::Delivery.order(:id).map(&:attributes)] }
      before = told.call

      Process.kill(:CONT, pid)
      end_well(pid)
      expect(told.call).to eq(before)
      expect(crm.reload).to have_attributes(leased_until: nil, lease_token: 2)
    end

    # Sidekiq gives its job back to Redis, where a thread of its own that is about to end may take it and lose it.
    def sweep_until_delivered(redis)
      wait_until do
        SidekiqWorker.client(redis) { PwbCrm::Sweep.call }
        sleep 0.5
        states.values.uniq == ["succeeded"]
      end
    end

    it "leaves a delivery in doubt, not lost, when Sidekiq is shut down, and the job or the sweep comes" do
      RedisServer.start do |redis|
        hold_answer(30)
        worker = SidekiqWorker.start(redis, settings:, timeout: 1)
        SidekiqWorker.client(redis) { enquire }
        wait_for_contact
        worker.terminate
        expect(states).to include("contact" => "in_flight")

        worker = SidekiqWorker.start(redis, settings:)
        sweep_until_delivered(redis)
        expect_one_of_each
        expect(zoho.requests.map(&:method)).to eq(%w[POST GET PUT POST])
      ensure
        worker&.kill
      end
    end
  end
end
