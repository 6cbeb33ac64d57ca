# frozen_string_literal: true

require "async"
require_relative "support/native_help"

RSpec.describe "Under a fiber scheduler", :native do
  def descriptors = Dir["/proc/self/fd/*"].size

  it "makes five requests of 200 ms in the time of one" do
    outcomes = []
    slow = client(server.url("sleep=0.2"))
    time = seconds do
      Sync { |task| Array.new(5) { |i| task.async { outcomes.concat(slow.sync([work(i)])) } }.each(&:wait) }
    end
    expect(outcomes.map(&:success?)).to eq([true] * 5)
    expect(time).to be_between(0.2, 0.6)
  end

  it "lets other fibers run meanwhile" do
    ticks = 0
    Sync do |task|
      ticker = task.async { loop { sleep(0.02) && (ticks += 1) } }
      client(server.url("sleep=0.3")).sync([work])
      ticker.stop
    end
    expect(ticks).to be > 8
  end

  it "drops the request of a fiber that is stopped, and closes its descriptors" do
    Sync { client(server.url).sync([work]) } # what is built once is there now
    before = descriptors
    Sync do |task|
      hanging = Array.new(20) { task.async { client(server.url("hang")).sync([work]) } }
      20.times { server.await_request }
      hanging.each(&:stop)
    end
    expect(Array.new(20) { server.client_gone? }).to all(be(true))
    expect(descriptors).to be <= before + 2
  end

  it "raises in the fiber what is raised into it" do
    own = Class.new(StandardError)
    Sync do |task|
      expect { task.with_timeout(0.1, own) { client(server.url("hang")).sync([work]) } }.to raise_error(own)
    end
    expect(server).to be_client_gone
  end

  it "keeps errors as they are" do
    outcome = Sync { client("http://127.0.0.1:1/").sync([work]).first }
    expect(outcome.error).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :no)
  end
end
