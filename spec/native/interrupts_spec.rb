# frozen_string_literal: true

require_relative "support/native_help"

# How quickly they take effect: interrupts_worst_spec.rb.
RSpec.describe "Interrupts of a request under way", :native do
  let(:hanging) { client(server.url("hang")) }

  # A thread with a request that the server has.
  def waiting(client = hanging)
    thread = Thread.new { client.sync([work]) }
    thread.report_on_exception = false
    server.await_request
    thread
  end

  it "runs what its thread has to run at its end" do
    seen = Queue.new
    thread = Thread.new do
      hanging.sync([work])
    ensure
      seen << :ensured
    end
    server.await_request
    thread.kill.join
    expect(seen.pop(timeout: 5)).to eq(:ensured)
    expect(server).to be_client_gone
  end

  it "leaves the connections of others alone" do
    others = Array.new(4) { waiting(client(server.url("sleep=0.3"))) }
    10.times { waiting.kill.join }
    expect(others.flat_map(&:value)).to all(be_success)
  end

  describe "by Timeout" do
    let(:inner) { Class.new(StandardError) }
    let(:outer) { Class.new(StandardError) }

    def nested(outer_seconds, inner_seconds)
      Timeout.timeout(outer_seconds, outer) do
        Timeout.timeout(inner_seconds, inner) { hanging.sync([work]) }
      rescue inner
        :inner
      end
    end

    it "ends in that one of several whose time is up first" do
      expect(nested(20, 0.1)).to eq(:inner)
      expect { nested(0.1, 20) }.to raise_error(outer)
      expect(Array.new(2) { server.client_gone? }).to all(be(true))
    end

    it "lets the outer one have its turn after the inner one" do
      expect { Timeout.timeout(0.3, outer) { nested(20, 0.1) && hanging.sync([work]) } }.to raise_error(outer)
      expect(Array.new(2) { server.client_gone? }).to all(be(true))
    end

    it "leaves an error of its own alone" do
      expect { Timeout.timeout(0.1) { hanging.sync([work]) } }.to raise_error(Timeout::Error)
    end
  end

  it "is not disturbed by Thread#wakeup" do
    thread = waiting(client(server.url("sleep=0.5")))
    20.times { sleep(0.01) && thread.wakeup }
    expect(thread.value.first).to be_success
    expect(server.requests).to eq(0)
  end

  describe "that handle_interrupt keeps back" do
    let(:order) { Queue.new }

    # A call that is answered after a while, and the CPU time that it took.
    def shielded(type)
      Thread.handle_interrupt(type => :never) do
        order << client(server.url("sleep=0.4")).sync([work]).first.success?
        order << Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID)
      end
      order << :not_interrupted
    end

    it "take effect after it, and nothing spins meanwhile" do
      thread = Thread.new { shielded(RuntimeError) }
      thread.report_on_exception = false
      server.await_request
      thread.raise("later")
      expect { thread.join }.to raise_error("later")
      expect([order.pop, order.pop, order.empty?]).to match([true, be < 0.1, true])
    end

    it "take effect after it, also by kill" do
      thread = Thread.new { shielded(Object) }
      server.await_request
      thread.kill.join
      expect([order.pop, order.pop, order.empty?]).to match([true, be < 0.1, true])
    end
  end
end
