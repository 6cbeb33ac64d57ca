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

  it "delivers what was saved elsewhere" do
    worker = SidekiqWorker.start(@redis, settings:)
    SidekiqWorker.client(@redis) { contact(site) }
    Timeout.timeout(20) { sleep 0.02 until PwbCrm::Delivery.where(state: "succeeded").exists? }
    expect(receiver.events.map { |event| event["type"] }).to eq(["contact.created"])
  ensure
    worker&.kill
  end
end
