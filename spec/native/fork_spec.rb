# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/forking"

RSpec.describe "After a fork", :native do
  include Forking

  let(:used) { client(server.url("sleep=0.02")).tap { |client| client.sync([work]) } }

  # Outcomes of four threads that are hardly ever between two requests, until the block has ended.
  def beside_four_threads
    ended = false
    threads = Array.new(4) { |i| Thread.new { [].tap { |all| all.concat(used.sync([work(i)])) until ended } } }
    4.times { server.await_request }
    yield
    ended = true
    threads.flat_map(&:value)
  ensure
    threads.each(&:kill).each(&:join)
  end

  it "works in 50 children, forked while four threads are in the middle of requests, and harms none of these" do
    used
    results = nil
    outcomes = beside_four_threads { results = Array.new(50) { child { used.sync([work, work(2)]).map(&:success?) } } }
    expect(results).to eq(["[true, true]"] * 50)
    expect(outcomes.size).to be > 50
    expect(outcomes).to all(be_success)
  end

  it "works in a child of a child, and with a client built before anything was sent" do
    unused = client(server.url)
    nested = child { child { unused.sync([work]).first.success? } }
    expect(nested).to eq("true")
    expect(unused.sync([work]).first).to be_success
  end

  it "works in each of a line of children, whose parents have all made requests" do
    generations = lambda do |left|
      used.sync([work]).first.success?.to_s + (left.zero? ? "" : child { generations.call(left - 1) })
    end
    expect(generations.call(4)).to eq("true" * 5)
    expect(used.sync([work]).first).to be_success
  end

  # As in a container that makes another, or when the ids of processes begin anew.
  it "works in a child that has the process id of its parent" do
    alone = %w[unshare --pid --fork]
    skip "This system gives us no namespace of processes" unless system(*alone, "true", err: File::NULL)

    out, = Open3.capture2e(*alone, *ruby_command(with_client("", <<~RUBY)))
      require "fiddle"
      require "timeout"
      client.sync([work])
      unshare = Fiddle::Function.new(Fiddle::Handle::DEFAULT["unshare"], [Fiddle::TYPE_INT], Fiddle::TYPE_INT)
      new_pids = 0x20000000
      unshare.call(new_pids)
      Process.wait(fork { print Timeout.timeout(10) { [Process.pid, client.sync([work]).first.success?] } })
      print " in ", Process.pid
    RUBY
    expect(out).to eq("[1, true] in 1")
  end

  # The thread that forks is the main one of the child.
  it "can be interrupted in a child of any thread, whoever was waiting before" do
    hanging = client(server.url("hang"))
    ending = lambda do
      Timeout.timeout(0.1) { hanging.sync([work]) }
    rescue Timeout::Error
      "in time"
    end
    expect(ending.call).to eq("in time")
    expect(Thread.new { child(&ending) }.value).to eq("in time")
    expect(ending.call).to eq("in time")
  end

  it "leaves the parent's request alone when a child collects garbage and exits as usual" do
    out, status = ruby_with_client("sleep=0.5", <<~RUBY)
      waiting = Thread.new { client.sync([work]).first.success? }
      sleep 0.01 until Dir["/proc/self/task/*/comm"].any? { |comm| File.read(comm).start_with?("pwb_crm") }
      pid = fork do
        client = nil
        GC.start
        print "child "
        exit
      end
      Process.wait(pid)
      print "parent" if waiting.value && $?.success?
    RUBY
    expect([out, status.success?]).to eq(["child parent", true])
  end

  it "starts no thread in a parent that only loads and builds" do
    out, = ruby_with_client("", <<~RUBY)
      PwbCrm.eager_load!
      threads = -> { Dir["/proc/self/task/*"].map { |task| File.read(task + "/comm").strip }.grep(/pwb_crm/).size }
      before = threads.call
      client.sync([work])
      print [before, threads.call]
    RUBY
    expect(out).to match(/\A\[0, [1-9]\d*\]\z/)
  end
end
