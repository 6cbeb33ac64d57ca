# frozen_string_literal: true

require "rails_helper"
require "native/support/puma_cluster"

# What happens in a process that is a web server's shows nowhere else: forks, threads, its own way with bodies.
# On one database, because starting it takes seconds.
RSpec.describe "The receiver behind a Puma of two workers", :committed, if: !PwbCrm::Sql.postgresql? do
  app = File.expand_path("../support/processes/receiver.ru", __dir__)
  settings = { inbound_rate: 1000, inbound_body_limit: 2000 }

  let!(:desk) do
    integration(website, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end

  around do |example|
    env = { "RAILS_ENV" => "test", "PWB_CRM_SETTINGS" => settings.to_json }
    PumaCluster.start(env, app:) { |cluster| (@cluster = cluster) && example.run }
  end

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

  it "answers within 50 ms, stores what comes twenty times at once once, and what comes in pieces as a whole" do
    expect(statuses(Array.new(20) { |i| whole(ticket_event(id: "first-#{i}")) }, threads: 4)).to eq(200 => 20)
    all = post_all(Array.new(200) { |i| whole(ticket_event(id: "evt-#{i}")) }, threads: 2)
    times = all.map(&:last).sort
    puts "receiver: median #{times[100].round(1)} ms, p95 #{times[190].round(1)} ms" if ENV["FIGURES"]
    expect([all.map(&:first).uniq, times[100]]).to match([[200], be < 50])

    copy = whole(ticket_event(id: "copy"))
    expect(statuses([copy] * 20, threads: 20)).to eq(200 => 20)
    pieces = [chunked(ticket_event(id: "pieces"))]
    long = ticket_event(id: "long", text: "x" * 2000)
    expect(statuses(pieces + [chunked(long), whole(long)], threads: 3)).to eq(200 => 1, 413 => 2)
    expect(PwbCrm::InboundEvent.count).to eq(20 + 200 + 2)
  end
end
