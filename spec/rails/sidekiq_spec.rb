# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require "support/redis_server"
require "support/sidekiq_worker"

# A real Sidekiq in a process of its own, a real Redis, real HTTP.
RSpec.describe "Sidekiq", :committed do
  let(:receiver) { PwbCrm::Testing::FakeReceiver.new(secrets: [secret]) }
  let(:secret) { "whsec_#{["0123456789abcdef" * 2].pack("m0")}" }
  let(:site) { website }
  let(:settings) { { allow_private_hosts: true, settle_time: 0 } }

  around do |example|
    RedisServer.start do |redis|
      @redis = redis
      PwbCrm::Testing::Server.start(receiver) do |server|
        @url = server.url
        example.run
      end
    end
  end

  before do
    configure(**settings)
    webhook(site, webhook_url: "#{@url}/hook", config: { webhook_secret: secret })
  end

  def expect_deliveries(count)
    Timeout.timeout(60) { sleep 0.02 until PwbCrm::Delivery.where(state: "succeeded").count == count }
    expect(receiver.events.map { |event| event["type"] }).to eq(["contact.created"] * count)
  end

  it "delivers what was saved elsewhere" do
    worker = SidekiqWorker.start(@redis, settings:)
    SidekiqWorker.client(@redis) { contact(site) }
    expect_deliveries(1)
  ensure
    worker&.kill
  end

  # Neither the host nor the worker is started anew.
  it "goes on after its Redis was away and forgot every job: the sweep finds the rows" do
    worker = SidekiqWorker.start(@redis, settings:)
    SidekiqWorker.client(@redis) do
      @redis.kill
      3.times { contact(site) }
      @redis.start
      PwbCrm::Wake::Breaker.reset
      expect(PwbCrm::Sweep.call.size).to eq(1)
      expect_deliveries(3)
      contact(site)
      expect_deliveries(4)
    end
  ensure
    worker&.kill
  end
end
