# frozen_string_literal: true

require "rails_helper"
require "native/support/puma_cluster"

# What happens in a process that is a web server's shows nowhere else: forks, threads, its own way with bodies.
# In production, whose log is what people keep. On one database, because starting it takes seconds.
RSpec.describe "The receiver behind a Puma of two workers", :committed, if: !PwbCrm::Sql.postgresql? do
  app = File.expand_path("../support/processes/receiver.ru", __dir__)
  settings = { inbound_rate: 1000, inbound_body_limit: 2000, environment: PwbCrm.config.environment }
  log = Rails.root.join("log/production.log")

  let!(:desk) do
    integration(website, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end

  before(:context) do # rubocop:disable RSpec/BeforeAfterAll -- starting it takes seconds
    log.delete if log.exist?
    env = { "RAILS_ENV" => "production", "RACK_ENV" => "production", "PWB_CRM_SETTINGS" => settings.to_json }
    @cluster = PumaCluster.new(env, app).tap(&:wait_until_it_answers)
  end

  after(:context) { @cluster.kill } # rubocop:disable RSpec/BeforeAfterAll

  def request(body, *framing)
    head = ["POST #{desk.webhook_path} HTTP/1.1", "Host: localhost", "Connection: close", *framing]
    [*head, *from_zendesk(body).map { |name, value| "#{name}: #{value}" }, "", ""].join("\r\n")
  end

  def whole(body) = request(body, "Content-Type: application/json", "Content-Length: #{body.bytesize}") + body

  # In pieces, none of which tells how many there are, and of no type: then Rack takes it for a form and reads it.
  def chunked(body)
    pieces = body.scan(/.{1,100}/m).map { |piece| "#{piece.bytesize.to_s(16)}\r\n#{piece}\r\n" }
    "#{request(body, "Transfer-Encoding: chunked")}#{pieces.join}0\r\n\r\n"
  end

  # Status and milliseconds.
  def post(request)
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    answer = @cluster.exchange(request)
    [answer[/\AHTTP\S+ (\d+)/, 1].to_i, (Process.clock_gettime(Process::CLOCK_MONOTONIC) - started) * 1000]
  end

  def post_all(requests, threads:)
    shares = requests.each_slice(requests.size / threads)
    shares.map { |share| Thread.new { share.map { |one| post(one) } } }.flat_map(&:value)
  end

  def statuses(requests, threads:) = post_all(requests, threads:).map(&:first).tally

  # Milliseconds, in order.
  def times_of_a_hundred(round)
    answers = post_all(Array.new(100) { |i| whole(ticket_event(id: "round-#{round}-#{i}")) }, threads: 2)
    expect(answers.map(&:first).uniq).to eq([200])
    answers.map(&:last).sort
  end

  def p95(round)
    times = times_of_a_hundred(round)
    puts "receiver: median #{times[50].round(1)} ms, p95 #{times[95].round(1)} ms" if ENV["FIGURES"]
    times[95]
  end

  # Which takes more of a first answer than all else.
  it "has asked for the tables' columns before it forks, and has no connection from then" do
    expect(post(whole(ticket_event)).first).to eq(200)
    expect(@cluster.log).not_to match(/schema:|fork|WARNING/)
  end

  # Other work on the machine may spoil a hundred.
  it "answers within 50 ms" do
    expect(statuses(Array.new(20) { |i| whole(ticket_event(id: "first-#{i}")) }, threads: 4)).to eq(200 => 20)
    round = (1..5).find { |one| p95(one) < 50 }
    expect(round).to be_present
    expect(PwbCrm::InboundEvent.count).to eq(20 + (100 * round))
  end

  it "stores what comes twenty times at once once, and what comes in pieces as a whole" do
    copy = whole(ticket_event(id: "copy"))
    expect(statuses([copy] * 20, threads: 20)).to eq(200 => 20)
    pieces = [chunked(ticket_event(id: "pieces"))]
    long = ticket_event(id: "long", text: "x" * 2000)
    expect(statuses(pieces + [chunked(long), whole(long)], threads: 3)).to eq(200 => 1, 413 => 2)
    expect(PwbCrm::InboundEvent.count).to eq(2)
  end

  it "writes no key into Rails' log or its own" do
    post(whole(ticket_event))
    address = "GET #{desk.webhook_path}?key=1 HTTP/1.0\r\n\r\n"
    expect(@cluster.exchange(address)).to match(/\AHTTP\S+ 405 .*allow: POST/im)
    logs = log.read + @cluster.log
    expect(logs).to include('Started POST "/api/crm/webhooks/zendesk/[FILTERED]" for',
                            'Started GET "/api/crm/webhooks/zendesk/[FILTERED]?key=1" for')
    expect(logs).not_to match(/#{desk.key}|desk-secret|SOLVED|No route matches .*webhooks/)
  end
end
