# frozen_string_literal: true

require "async"
require_relative "support/native_help"
require_relative "support/small_scheduler"

RSpec.describe "Under a fiber scheduler", :native do
  def descriptors = Dir["/proc/self/fd/*"].size

  # What several fibers of one thread come to that make the same call at the same time.
  def at_once(count, client)
    outcomes = Sync { |task| Array.new(count) { |i| task.async { client.sync([work(i)]) } }.flat_map(&:wait) }
    outcomes.each { server.await_request }
  end

  # As many calls that are never answered, once the server has them; the block gets the tasks that make them.
  def hanging(count)
    Sync do |task|
      tasks = Array.new(count) { task.async { hang } }
      tasks.each { server.await_request }
      yield tasks
    end
  end

  def hang = Array(told { client(server.url("hang")).sync([work]) })

  def told
    yield
  rescue StandardError => e
    e
  end

  def expect_dropped(count) = expect(Array.new(count) { server.client_gone? }).to all(be(true))

  # A busy machine may need three attempts. One call after the other would take a second.
  it "makes five requests of 200 ms within 300 ms, in one thread" do
    slow = client(server.url("sleep=0.2"))
    times = []
    times << seconds { expect(at_once(5, slow)).to all(be_success) } until times.size == 3 || times.last&.<(0.3)
    expect(times.min).to be_between(0.2, 0.3)
  end

  it "needs no other Ruby thread" do
    out, = ruby_with_client("sleep=0.1", <<~RUBY)
      require "async"
      counts = []
      Sync do |task|
        ticker = task.async { loop { sleep(0.01) && (counts << Thread.list.size) } }
        Array.new(5) { task.async { client.sync([work]) } }.each(&:wait)
        ticker.stop
      end
      print [counts.uniq, counts.size > 1]
    RUBY
    expect(out).to eq("[[1], true]")
  end

  it "lets other fibers run meanwhile" do
    ticks = 0
    Sync do |task|
      ticker = task.async { loop { sleep(0.02) && (ticks += 1) } }
      client(server.url("sleep=0.3")).sync([work])
      ticker.stop
    end
    expect(ticks).to be > 3
  end

  it "keeps no descriptor over many rounds, also not of fibers that are stopped" do
    quick = client(server.url)
    round = lambda do
      at_once(5, quick)
      hanging(5) { |tasks| tasks.each(&:stop) }
      expect_dropped(5)
    end
    round.call # what is built once is there now
    before = settled { descriptors }
    30.times { round.call }
    expect(settled { descriptors }).to be <= before
  end

  # The least of what the block gives within a second: connections are closed by another thread.
  def settled = Array.new(20) { sleep(0.05) && yield }.min

  it "raises in the fiber what is raised into it, and drops its request" do
    own = Class.new(StandardError).new("enough")
    hanging(1) do |tasks|
      tasks.first.fiber.raise(own)
      expect(tasks.first.wait).to match([equal(own)])
    end
    expect_dropped(1)
  end

  it "ends in time by the scheduler's timeout" do
    own = Class.new(StandardError)
    Sync do |task|
      expect { task.with_timeout(0.1, own) { client(server.url("hang")).sync([work]) } }.to raise_error(own)
    end
    expect(server).to be_client_gone
  end

  # The gem async 1 keeps its own exception to itself: all that is left of it is a wait that brought nothing.
  it "ends in time by the scheduler's timeout without an exception class, too" do
    took = seconds do
      Sync do |task|
        expect { task.with_timeout(0.1) { client(server.url("hang"), timeout: 20).sync([work]) } }
          .to raise_error(ended_by_the_scheduler)
      end
    end
    expect(took).to be_between(0.1, 5)
    expect(server).to be_client_gone
  end

  def ended_by_the_scheduler
    be_an_instance_of(PwbCrm::TimeoutError)
      .and have_attributes(sent: :maybe,
                           message: /\Athe fiber scheduler ended the wait.*with_timeout.*was dropped.*more time/)
  end

  it "is not ended by wake-ups for other reasons" do
    before = trap("USR1") { nil }
    Sync do |task|
      call = task.async { client(server.url("sleep=0.4")).sync([work]).first }
      server.await_request
      5.times { wake(call) }
      expect(call.wait).to be_success
    end
  ensure
    trap("USR1", before)
  end

  def wake(call)
    sleep(0.02)
    Fiber.scheduler.unblock(nil, call.fiber)
    Process.kill("USR1", Process.pid)
    Thread.current.wakeup
  end

  def under(scheduler, &)
    outcome = nil
    Thread.new do
      Fiber.set_scheduler(scheduler)
      Fiber.schedule { outcome = told(&) }
    end.join
    outcome
  end

  # By async 2 and others, false is a fiber that was woken for another reason.
  it "waits on where the scheduler says that nothing came, and ends where it says that the time is up" do
    waiting = SmallScheduler.new(false, false)
    expect(under(waiting) { client(server.url("sleep=0.1")).sync([work]).first }).to be_success
    expect(waiting.waits).to be >= 3
    server.await_request
    expect(under(SmallScheduler.new(false, nil)) { client(server.url("hang")).sync([work]) }).to ended_by_the_scheduler
  end

  it "keeps errors as they are" do
    outcome = Sync { client("http://127.0.0.1:1/").sync([work]).first }
    expect(outcome.error).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :no)
  end
end
