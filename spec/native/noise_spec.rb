# frozen_string_literal: true

require "securerandom"
require_relative "support/native_help"

RSpec.describe "Integrations beside each other", :native do
  let(:dead) { Array.new(40) { |index| "dead-#{index}.example" } }
  let(:here) { server.url.sub("127.0.0.1", "localhost") }

  # Of several, because a busy machine delays some. Each has a connection of its own, so a look-up of its own.
  def fastest
    Array.new(5) do |index|
      one = client(here, open_timeout: 20 + index)
      seconds { expect(one.sync([work]).first).to be_success }
    end.min
  end

  def waiting_for(names, **)
    threads = names.map do |name|
      Thread.new { client("https://#{name}/", timeout: 1, **).sync([work]).first.error }
    end
    sleep(0.01) while threads.any? { |thread| thread.status == "run" }
    yield
    threads.map(&:value)
  end

  # As a dead name server has it: a thread is gone for seconds with each.
  before { look_ups("localhost" => [[0, ["127.0.0.1"]]], **dead.to_h { |name| [name, [[3, []]]] }) }

  it "are not delayed by the dead names of one: 4 as little as 36" do
    key = SecureRandom.bytes(32)
    [dead.first(4), dead.drop(4)].each do |names|
      errors = waiting_for(names, shadow_key: key) { expect(fastest).to be < 0.1 }
      expect(errors).to all(be_a(PwbCrm::TimeoutError).and(have_attributes(sent: :no)))
    end
  end

  # Alone a call takes about a millisecond. In a Ruby of its own, see there.
  it "are hardly delayed by 32 answers that unpack to nothing for ever, which end as too long or late" do
    out, status = ruby("load #{File.expand_path("support/hogs.rb", __dir__).inspect}")
    expect(status).to be_success, out
    ends, count, median = out.lines(chomp: true)
    expect(ends.split - %w[PwbCrm::RemoteError PwbCrm::TimeoutError]).to be_empty
    expect(Integer(count)).to be > 20
    expect(Float(median)).to be < 0.1
  end

  it "have at most 32 requests each under way, whoever makes them" do
    at_once = Queue.new
    most = 0
    remote = scripted_server do |talk|
      while talk.request
        at_once << true
        most = [most, at_once.size].max
        sleep(0.05)
        at_once.pop
        talk.answer
      end
    end
    key = SecureRandom.bytes(32)
    threads = Array.new(80) { Thread.new { client(remote.url, shadow_key: key).sync([work]).first } }
    expect(threads.map(&:value)).to all(be_success)
    expect(most).to be_between(8, 32)
  end
end
