# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/puma_cluster"

RSpec.describe "A Puma cluster that preloads its app, which calls before the fork", :native do
  around { |example| PumaCluster.start(env) { |cluster| (@cluster = cluster) && example.run } }

  let(:env) { { "RECEIVER" => server.url("sleep=0.01"), "SECRET" => NativeHelp::SECRET } }
  let(:cluster) { @cluster }

  # Those that took one of so many requests that all get some.
  def workers
    answers = Array.new(4) { |i| Thread.new { Array.new(15) { |j| cluster.deliver("#{i}-#{j}") } } }.flat_map(&:value)
    expect(answers).to all(be_good)
    answers.map(&:worker).uniq
  end

  it "serves and delivers in all workers, in the one that takes a dead one's place, and stops when it is told to" do
    first = []
    Timeout.timeout(30) { first = workers until first.size == 2 }
    Process.kill(:KILL, first.first)
    Timeout.timeout(30) { sleep(0.1) until (workers - first).any? }
    expect(cluster.deliver("last").master).to eq(cluster.pid)
    expect(seconds { cluster.terminate }).to be < 10
  end
end
