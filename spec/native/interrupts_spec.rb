# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "Interrupts of a request under way", :native do
  # A thread with a request that is never answered, once the server has it.
  def waiting
    thread = Thread.new { client(server.url("hang")).sync([work]) }
    thread.report_on_exception = false
    server.await_request
    thread
  end

  it "ends at once by kill, and drops the request" do
    times = Array.new(9) { waiting.then { |thread| seconds { expect(thread.kill.join(5)).to eq(thread) } } }
    expect(median(times)).to be < 0.05
    expect(Array.new(9) { server.client_gone? }).to all(be(true))
  end

  it "ends at once by raise, with the very exception that was raised" do
    own = Class.new(Interrupt)
    times = Array.new(9) do
      thread = waiting
      seconds { thread.raise(own, "enough") && expect { thread.join(5) }.to(raise_error(own, "enough")) }
    end
    expect(median(times)).to be < 0.05
    expect(server).to be_client_gone
  end

  it "ends in time by Timeout" do
    overshoot = Array.new(5) do
      seconds do
        expect { Timeout.timeout(0.1) { client(server.url("hang")).sync([work]) } }.to raise_error(Timeout::Error)
      end - 0.1
    end
    expect(median(overshoot)).to be < 0.05
    expect(Array.new(5) { server.client_gone? }).to all(be(true))
  end

  it "is not disturbed by Thread#wakeup" do
    thread = Thread.new { client(server.url("sleep=0.5")).sync([work]) }
    server.await_request
    20.times { sleep(0.01) && thread.wakeup }
    expect(thread.value.first).to be_success
    expect(server.requests).to eq(0)
  end

  it "runs a signal's trap in the waiting main thread and goes on waiting" do
    out, status = ruby_with_client("sleep=0.5", <<~RUBY)
      seen = 0
      trap("USR1") { seen += 1 }
      Thread.new { 5.times { sleep(0.05) && Process.kill("USR1", Process.pid) } }
      print [client.sync([work]).first.success?, seen].join(" ")
    RUBY
    expect([out, status.success?]).to eq(["true 5", true])
  end

  it "ends the process by SIGTERM and SIGINT at once" do
    %w[TERM INT].each do |signal|
      out, status = ruby_with_client("hang", <<~RUBY)
        Thread.new { sleep(0.3) && Process.kill(#{signal.inspect}, Process.pid) }
        at = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        at_exit { print Process.clock_gettime(Process::CLOCK_MONOTONIC) - at < 2 }
        client.sync([work])
      RUBY
      expect(out).to include("true")
      expect(status).not_to be_success
    end
  end

  it "keeps an interrupt back as long as handle_interrupt says" do
    order = Queue.new
    thread = Thread.new do
      Thread.handle_interrupt(RuntimeError => :never) do
        client(server.url("sleep=0.3")).sync([work])
        order << :answered
      end
    rescue RuntimeError
      order << :raised
    end
    server.await_request
    thread.raise("later")
    thread.join(5)
    expect(Array.new(2) { order.pop(true) }).to eq(%i[answered raised])
  end

  it "lets other threads run meanwhile" do
    slow = client(server.url("sleep=0.3"))
    time = seconds { Array.new(10) { |i| Thread.new { slow.sync([work(i)]) } }.each(&:join) }
    expect(time).to be < 1.5
  end
end
