# frozen_string_literal: true

require_relative "support/native_help"

# In a Ruby of its own, whose main thread makes the call: it is the one that runs the traps.
RSpec.describe "Signals to a process whose main thread makes a call", :native do
  it "run their traps, and the call goes on" do
    out, status = ruby_with_client("sleep=0.5", <<~RUBY)
      seen = 0
      trap("USR1") { seen += 1 }
      Thread.new { 5.times { sleep(0.05) && Process.kill("USR1", Process.pid) } }
      print [client.sync([work]).first.success?, seen > 1]
    RUBY
    expect([out, status.success?]).to eq(["[true, true]", true])
    expect(server.requests).to eq(1)
  end

  # Without another thread Ruby wakes the main one within the handler of the signal, at whatever point it is.
  it "may come at any time: in a storm of them every call is answered" do
    out, status = ruby_with_client("", <<~RUBY)
      seen = 0
      trap("USR1") { seen += 1 }
      storm = fork { loop { Process.kill("USR1", Process.ppid) && sleep(0.0003) } }
      outcomes = Array.new(1_000) { client.sync([work]).first.success? }
      Process.kill("KILL", storm)
      print [outcomes.uniq, Thread.list.size, seen > 50].inspect
    RUBY
    expect([out, status.success?]).to eq(["[[true], 1, true]", true])
  end

  it "go on when a child ends, trapped or not" do
    out, status = ruby_with_client("sleep=0.6", <<~RUBY)
      seen = 0
      children = -> { Array.new(3) { |i| spawn("sleep", "0.\#{i + 1}") } }
      untrapped = children.call
      outcomes = client.sync([work])
      trap("CHLD") { seen += 1 }
      trapped = children.call
      outcomes += client.sync([work])
      (untrapped + trapped).each { |pid| Process.wait(pid) }
      print [outcomes.map(&:success?), seen.positive?].inspect
    RUBY
    expect([out, status.success?]).to eq(["[[true, true], true]", true])
    expect(server.requests).to eq(2)
  end

  # Ruby loads nothing within a trap, nor without a descriptor: whoever has sent something must be able to tell.
  it "loses no answer of a call that a trap makes, the first one that is answered" do
    out, = ruby_with_client("", <<~RUBY)
      require "timeout"
      hanging = PwbCrm::WebhookClient.new(url: #{server.url("hang").inspect}, secrets: #{NativeHelp::SECRET.inspect})
      Timeout.timeout(0.5) { hanging.sync([work]) } rescue nil
      trap("USR1") { print client.sync([work]).first.success? }
      Process.kill("USR1", Process.pid) && sleep(0.01)
    RUBY
    expect(out).to eq("true")
  end

  it "end it where a trap raises, with the very exception" do
    out, = ruby_with_client("hang", <<~RUBY)
      reason = RuntimeError.new("from the trap")
      trap("USR1") { raise reason }
      Thread.new { sleep(0.2) && Process.kill("USR1", Process.pid) }
      client.sync([work]) rescue print $!.equal?(reason)
    RUBY
    expect(out).to eq("true")
    expect(server).to be_client_gone
  end

  it "end the process when they are SIGTERM or SIGINT" do
    %w[TERM INT].each do |signal|
      out, status = ruby_with_client("hang", <<~RUBY)
        Thread.new { sleep(0.3) && Process.kill(#{signal.inspect}, Process.pid) }
        at = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        at_exit { print Process.clock_gettime(Process::CLOCK_MONOTONIC) - at < 5 }
        client.sync([work])
      RUBY
      expect(out).to include("true")
      expect(status).not_to be_success
    end
  end
end
