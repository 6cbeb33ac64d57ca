# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require "sidekiq"
require "support/redis_server"
require "support/sidekiq_worker"

# Real workers, which read the kill switch from a file, deliver to a real receiver over HTTP.
RSpec.describe "The kill switch over processes", :committed do
  let(:secret) { "whsec_#{["0123456789abcdef" * 2].pack("m0")}" }
  let(:receiver) { PwbCrm::Testing::FakeReceiver.new(secrets: [secret]) }
  let(:budget) { 3 }
  let(:site) { website }
  let(:switch) { File.join(@home, "on") }

  around do |example|
    Dir.mktmpdir do |home|
      @home = home
      RedisServer.start do |redis|
        @redis = redis
        PwbCrm::Testing::Server.start(receiver) { |server| (@url = server.url) && example.run }
      end
    end
  end

  def wait_until(&) = Timeout.timeout(60) { sleep 0.05 until yield }

  def start_workers
    settings = { allow_private_hosts: true, settle_time: 0, drain_budget: budget }
    configure(**settings)
    webhook(site, webhook_url: "#{@url}/hook", config: { webhook_secret: secret })
    Array.new(2) { SidekiqWorker.start(@redis, settings:, env: { "PWB_CRM_SWITCH" => switch }) }
  end

  def save_many
    Pwb::Contact.insert_all!(Array.new(2000) { { website_id: site.id, first_name: "Ana" } })
    SidekiqWorker.client(@redis) { PwbCrm.track(Pwb::Contact.where(website_id: site.id)) }
  end

  def expect_silence
    sent = receiver.requests.size
    sleep 1
    expect(receiver.requests.size).to eq(sent)
    expect(PwbCrm::Delivery.distinct.pluck(:state, :attempts)).to contain_exactly(["succeeded", 1], ["pending", 0])
  end

  it "stops everything within one budget, and the sweep goes on when it is on again" do
    workers = start_workers
    FileUtils.touch(switch)
    save_many
    wait_until { receiver.requests.any? }

    FileUtils.rm(switch)
    sleep budget
    expect_silence

    sent = receiver.requests.size
    FileUtils.touch(switch)
    expect(SidekiqWorker.client(@redis) { PwbCrm::Sweep.call }.size).to eq(1)
    wait_until { receiver.requests.size > sent }
  ensure
    workers&.each(&:kill)
  end
end
