# frozen_string_literal: true

require "rails_helper"
require "support/redis_server"

RSpec.describe "How many requests the receiver takes" do
  let(:site) { website }
  let!(:desk) { zendesk }

  before { configure(inbound_rate: 3) }

  def zendesk
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end

  def ask(receiver = desk, **env)
    body = ticket_event(id: SecureRandom.uuid)
    tell(receiver, body, from_zendesk(body), **env)
  end

  def guess(**env) = tell(desk.webhook_path.sub(desk.key, SecureRandom.hex(16)), "{}", **env).status

  # What another process of the app knows: nothing, besides what is in the database and in a shared store.
  def in_another_process = PwbCrm::Inbound::Throttle.reset

  it "takes so many for a key in ten seconds, and as many for another" do
    other = zendesk
    answers = Array.new(4) { ask }
    expect(answers.map(&:status)).to eq([200, 200, 200, 429])
    expect(Integer(answers.last.headers["retry-after"])).to be_between(1, 10)
    expect(statements_of { expect(ask.status).to eq(429) }).to be_empty
    expect(ask(other).status).to eq(200)
  end

  it "lets nobody try one key after the other, at the cost of a statement every few seconds" do
    expect(Array.new(5) { guess }).to eq([404, 404, 404, 429, 429])
    expect(statements_of { expect(guess).to eq(429) }).to be_empty
    expect(guess("REMOTE_ADDR" => "198.51.100.7")).to eq(404)
  end

  it "serves each key that somebody has, however many are guessed, from wherever, before it was ever seen here" do
    fresh = zendesk
    50.times { |i| 5.times { guess("REMOTE_ADDR" => "198.51.100.#{i}") } }
    10.times { guess }
    expect([ask, ask(fresh, "REMOTE_ADDR" => "198.51.100.7")].map(&:status)).to eq([200, 200])
    expect([ask, ask, ask].map(&:status)).to eq([200, 200, 429])
    10.times { guess }
    expect([ask(fresh), ask(fresh), ask(fresh)].map(&:status)).to eq([200, 200, 429])
  end

  it "soon knows a key that is made while others are guessed" do
    10.times { guess }
    fresh = zendesk
    expect(ask(fresh, "REMOTE_ADDR" => "198.51.100.7").status).to eq(200)
    late = zendesk
    expect(ask(late).status).to eq(429)
    stub_const("PwbCrm::Inbound::Throttle::Keys::GOOD_FOR", 0)
    expect(ask(late).status).to eq(200)
  end

  it "keeps nobody waiting for a slow list of keys, makes one at a time, and none again at once after a fault: " \
     "whoever may have a key is to come again" do
    lists = 0
    expect([ask.status, guess, guess]).to eq([200, 404, 404])
    allow(PwbCrm::Integration).to receive(:receiving) do
      lists += 1
      beside = Thread.new { [PwbCrm::Inbound::Throttle.count(desk.key, nil), guess] }
      expect(beside.join(20)&.value).to eq([nil, 503])
      raise ActiveRecord::StatementTimeout
    end
    expect([guess, guess, lists]).to eq([503, 503, 1])
  end

  it "counts a network of IPv6 as one source, and whoever contradicts himself as another" do
    addresses = Array.new(4) { |i| "2001:db8:1:2::#{i}" }
    expect(addresses.map { |address| guess("REMOTE_ADDR" => address) }).to eq([404, 404, 404, 429])
    expect(guess("REMOTE_ADDR" => "2001:db8:1:3::1")).to eq(404)
    expect(PwbCrm::Inbound::Throttle::Source.name("no address")).to eq(PwbCrm::Inbound::Throttle::Source.name(nil))
  end

  it "lets no network that is shut out use up what is for the remote" do
    desk.update!(settings: { source_networks: ["203.0.113.0/24"] })
    home = { "REMOTE_ADDR" => "203.0.113.7" }
    ask(**home)
    strangers = Array.new(4) { |i| Array.new(5) { ask("REMOTE_ADDR" => "198.51.100.#{i}").status } }
    expect(strangers).to eq([[403, 403, 403, 429, 429]] * 4)
    expect(statements_of { ask("REMOTE_ADDR" => "198.51.100.0") }).to be_empty
    expect(Array.new(3) { ask(**home).status }).to eq([200, 200, 429])
    other = zendesk
    expect(ask(other, "REMOTE_ADDR" => "198.51.100.0").status).to eq(200)
  end

  it "remembers no more sources and keys than it has room for" do
    stub_const("PwbCrm::Inbound::Throttle::Counter::LIMIT", 20)
    counter = PwbCrm::Inbound::Throttle::Counter.new
    100.times { |i| counter.count("source #{i}", 1) }
    expect(counter.instance_variable_get(:@counts).size).to be <= 20
    expect(counter.count("source 99", 1)).to be_between(1, 10)
  end

  describe "with a cache that all processes share" do
    around { |example| RedisServer.start { |redis| (@redis = redis) && example.run } }

    before do
      @faults = 0
      cache = ActiveSupport::Cache::RedisCacheStore.new(url: @redis.url, error_handler: ->(**) { @faults += 1 })
      allow(Rails).to receive(:cache).and_return(cache)
      freeze_time
    end

    def keys = Redis.new(url: @redis.url).then { |redis| redis.keys.tap { redis.close } }

    it "counts for all of them together, and gives no key away" do
      statuses = Array.new(5) do
        in_another_process
        ask.status
      end
      expect(statuses).to eq([200, 200, 200, 429, 429])
      expect(keys.size).to eq(1)
      expect(keys.sole).not_to include(desk.key)
      travel 10.seconds
      expect(ask.status).to eq(200)
    end

    it "counts none of those that are shut out" do
      desk.update!(settings: { source_networks: ["203.0.113.0/24"] })
      statuses = Array.new(6) do
        in_another_process
        ask("REMOTE_ADDR" => "198.51.100.7").status
      end
      expect(statuses).to eq([403] * 6)
      expect(Array.new(4) { ask("REMOTE_ADDR" => "203.0.113.7").status }).to eq([200, 200, 200, 429])
    end

    it "counts for itself while it is down, and does not ask it for each request" do
      @redis.kill
      expect(Array.new(4) { ask.status }).to eq([200, 200, 200, 429])
      expect(@faults).to eq(1)
    end
  end
end
