# frozen_string_literal: true

# A Redis, and a webhook's receiver over real HTTP. Workers are started by the examples. Needs committed rows.
RSpec.shared_context "with Redis and a receiver" do
  require "pwb_crm/testing"
  require "sidekiq"
  require "support/redis_server"
  require "support/sidekiq_worker"

  let(:secret) { "whsec_#{["0123456789abcdef" * 2].pack("m0")}" }
  let(:receiver) { PwbCrm::Testing::FakeReceiver.new(secrets: [secret]) }
  let(:redis) { @redis }

  around do |example|
    RedisServer.start do |redis|
      @redis = redis
      PwbCrm::Testing::Server.start(receiver) { |server| (@url = server.url) && example.run }
    end
  end

  # An integration whose receiver this is.
  def hook_of(website) = webhook(website, webhook_url: "#{@url}/hook", config: { webhook_secret: secret })

  # Workers get the settings that the example has.
  def start_worker(settings:, **) = SidekiqWorker.start(redis, settings:, **)

  # Jobs that are enqueued in the block are for the workers.
  def enqueueing(&) = SidekiqWorker.client(redis, &)
end
