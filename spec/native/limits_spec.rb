# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "support/native_help"

# What the core does about remotes' limits, and tells of them.
RSpec.describe "The limits of remotes", :native do
  # Answers after a moment, and knows how many it had to answer at once.
  let(:remote) do
    Class.new do
      attr_reader :most

      def initialize(headers)
        @headers = headers
        @under_way = @most = 0
        @lock = Mutex.new
      end

      def call(_env)
        @lock.synchronize { @most = [@most, @under_way += 1].max }
        sleep 0.05
        @lock.synchronize { @under_way -= 1 }
        [204, @headers, []]
      end
    end
  end

  def sync(concurrency, headers = {})
    app = remote.new(headers)
    outcomes = PwbCrm::Testing::Server.start(app, threads: 16) do |server|
      PwbCrm.config.allow_private_hosts = true
      client(server.url, concurrency:).sync((1..12).map { |key| work(key) })
    end
    [app.most, outcomes]
  end

  after do
    PwbCrm.config.allow_private_hosts = false
    PwbCrm.config.transport = nil
  end

  it "has no more requests under way than it is told" do
    expect(sync(1).first).to eq(1)
    expect(sync(8).first).to be_between(2, 8)
    expect(sync(nil).first).to be_between(1, 4)
  end

  it "begins nothing more once the remote asks for a pause: what waits was not attempted" do
    asked = Queue.new
    busy = ->(_env) { asked << 1 and [429, { "retry-after" => "30" }, []] }
    outcomes = PwbCrm::Testing::Server.start(busy) do |server|
      PwbCrm.config.allow_private_hosts = true
      client(server.url, concurrency: 4).sync((1..20).map { |key| work(key) })
    end
    begun, put_off = outcomes.map(&:error).partition(&:attempted?)
    expect([begun.size, put_off.size]).to match([be_between(1, 7), be_between(13, 19)])
    expect(asked.size).to eq(begun.size)
    expect([*begun, *put_off]).to all(be_a(PwbCrm::RateLimitError))
    expect(put_off).to all(have_attributes(sent: :no, status: nil, code: "put_off",
                                           message: /was not sent yet.*asks for a pause/))
  end

  { 429 => [{}, 3], 503 => [{ "retry-after" => "30" }, 3], 502 => [{}, 0] }.each do |status, (headers, waiting)|
    it "puts off #{waiting} of three after a #{status} with #{headers}, too, where a host's transport sends" do
      asked = 0
      busy = ->(_) { (asked += 1) == 3 ? [status, headers, []] : [204, {}, []] }
      PwbCrm.config.transport = PwbCrm::Testing::Seam.new("hooks.example.com" => busy)
      outcomes = client("https://hooks.example.com").sync((1..6).map { |key| work(key) })
      put_off = outcomes.filter_map(&:error).reject(&:attempted?)
      expect([asked, outcomes.count(&:success?), put_off.size]).to eq([6 - waiting, 5 - waiting, waiting])
      expect(put_off).to all(have_attributes(code: "put_off"))
    end
  end

  it "refuses a number that is none" do
    [0, 33, 1.5, "4"].each do |concurrency|
      expect { client("https://hooks.example.com", concurrency:) }
        .to raise_error(PwbCrm::ConfigurationError, /concurrency must be a number of requests from 1 to 32/)
    end
  end

  it "tells with each call who shared it, and what its answer said" do
    headers = { "x-rate-limit" => "700", "x-rate-limit-remaining" => "699", "ratelimit-reset" => "12", "x-other" => "1",
                "zendesk-ratelimit-tickets-update" => "total=100; remaining=99; resets=41" }
    call = sync(4, headers).last.first.calls.first
    expect(call).to have_attributes(records: 1, limits: be_frozen.and(
      eq("x-rate-limit" => 700, "x-rate-limit-remaining" => 699, "ratelimit-reset" => 12,
         "zendesk-ratelimit-tickets-update.total" => 100, "zendesk-ratelimit-tickets-update.remaining" => 99,
         "zendesk-ratelimit-tickets-update.resets" => 41)
    ))
  end

  {
    "0" => [1, 0, 0], "1000000000000000000" => [1_000_000, 1_000_000, 86_400],
    "-1" => [], "NaN" => [], "1e18" => [], "soon" => [], "9" * 40 => [], "" => []
  }.each do |value, (limit, left, seconds)|
    it "does not take a header of #{value.inspect} at its word" do
      plain = %w[x-rate-limit x-rate-limit-remaining ratelimit-reset retry-after]
      parts = %w[total remaining resets].map { |part| "#{part}=#{value}" }.join("; ")
      headers = { **plain.to_h { |name| [name, value] }, "zendesk-ratelimit-x" => parts }
      expected = { "x-rate-limit" => limit, "x-rate-limit-remaining" => left, "ratelimit-reset" => seconds,
                   "retry-after" => seconds, "zendesk-ratelimit-x.total" => limit,
                   "zendesk-ratelimit-x.remaining" => left, "zendesk-ratelimit-x.resets" => seconds }.compact
      PwbCrm.config.transport = PwbCrm::Testing::Seam.new("hooks.example.com" => ->(_) { [204, headers, []] })
      expect(client("https://hooks.example.com").sync([work]).first.calls.first.limits).to eq(expected)
    end
  end

  describe "at Zoho" do
    let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token", organisation: "700000001") }
    let(:client) { PwbCrm::ZohoClient.new(access_token: "zoho-token", api_domain: "https://www.zohoapis.com") }

    before { PwbCrm.config.transport = PwbCrm::Testing::Seam.new("www.zohoapis.com" => zoho) }

    it "tells of a request that many shared" do
      works = (1..12).map { |id| { key: id, action: "upsert", record: { kind: "contact", id:, last_name: "L#{id}" } } }
      expect(client.sync(works).map { |outcome| outcome.calls.map(&:records) }.uniq).to eq([[12]])
    end

    it "tells whose they are" do
      expect(client.organisation).to eq("700000001")
      zoho.close_scope("org")
      expect { client.organisation(within: 5) }.to raise_error(PwbCrm::PermissionError, /OAUTH_SCOPE_MISMATCH|scope/)
    end
  end
end
