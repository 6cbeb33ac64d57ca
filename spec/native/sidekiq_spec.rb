# frozen_string_literal: true

require "sidekiq"
require_relative "support/native_help"
require_relative "../support/redis_server"
require_relative "../support/sidekiq_worker"

RSpec.describe "A Sidekiq whose client was made and used at boot", :native do
  around { |example| RedisServer.start { |redis| (@redis = redis) && example.run } }

  after { @worker&.kill }

  let(:redis) { @redis }
  let(:queue) { Sidekiq::RedisConnection.create(url: redis.url, size: 2) }
  let(:worker) { @worker }

  def start_worker(**)
    env = { "RECEIVER" => server.url, "SECRET" => NativeHelp::SECRET,
            "RUBYLIB" => File.expand_path("../../lib", __dir__) }
    app = File.expand_path("support/hosts/sidekiq.rb", __dir__)
    @worker = SidekiqWorker.start(redis, app:, env:, **)
    server.await_request
  end

  def enqueue(count)
    ids = Array.new(count) { |i| ["job-#{i}"] }
    Sidekiq::Client.new(pool: queue).push_bulk("class" => "DeliverJob", "args" => ids)
  end

  def count(key, command) = queue.with { |connection| connection.call(command, key) }

  it "delivers in its jobs" do
    start_worker
    enqueue(50)
    50.times { server.await_request }
    worker.terminate
    expect([count("queue:default", "LLEN"), count("retry", "ZCARD"), server.requests]).to eq([0, 0, 0])
  end

  # With one thread: an idle one that still waits at the queue could take the job put back, and be killed with it.
  it "ends a call under way when it shuts down, and puts the job back" do
    start_worker(concurrency: 1)
    server.hang_from_now_on
    enqueue(1)
    server.await_request
    expect(seconds { worker.terminate }).to be < 6
    expect(server).to be_client_gone
    expect([count("queue:default", "LLEN"), count("retry", "ZCARD")]).to eq([1, 0])
  end
end
