# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/patience"
require_relative "support/interrupted_process"

RSpec.describe "The worst of 200 interrupts", :native do
  include Patience

  let(:hanging) { client(server.url("hang")) }

  def wait_as(what) = what == :call ? hanging.sync([work]) : sleep

  # A thread with a call that is never answered, once the server has it, or one that sleeps.
  def thread(what)
    thread = Thread.new { wait_as(what) }
    thread.report_on_exception = false
    what == :call ? server.await_request : Thread.pass until thread.stop?
    thread
  end

  def expect_dropped(count) = expect(Array.new(count) { server.client_gone? }).to all(be(true))

  it "by kill ends its call within 50 ms" do
    expect_prompt do |what|
      thread = thread(what)
      seconds { thread.kill.join }
    end
    expect_dropped(200)
  end

  it "by raise ends its call within 50 ms, with the very exception" do
    expect_prompt do |what|
      thread = thread(what)
      reason = Class.new(Exception).new # rubocop:disable Lint/InheritException
      seconds do
        thread.raise(reason)
        expect { thread.join }.to raise_error(equal(reason))
      end
    end
    expect_dropped(200)
  end

  it "by Timeout ends its call within 50 ms" do
    own = Class.new(StandardError)
    expect_prompt do |what|
      seconds { expect { Timeout.timeout(0.005, own) { wait_as(what) } }.to raise_error(own) } - 0.005
    end
    expect_dropped(server.requests)
  end

  # In a process with one Ruby thread, where Ruby interrupts within the signal's handler.
  it "by Ctrl-C ends its call within 50 ms" do
    InterruptedProcess.start(ruby_command(with_client("hang", InterruptedProcess::CODE))) do |process|
      expect_prompt { |what| process.interrupt(what) { server.await_request if what == :call } }
    end
    expect_dropped(200)
  end
end
