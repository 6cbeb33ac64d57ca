# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "After a fork", :native do
  let(:used) { client(server.url).tap { |client| client.sync([work]) } }

  # Runs the block in a child; tells what it gave, or that it hung.
  def child(&)
    reader, writer = IO.pipe
    pid = fork { tell(writer, &) }
    writer.close
    reader.wait_readable(10) ? reader.read : "hung"
  ensure
    Process.kill("KILL", pid)
    Process.wait(pid)
    reader.close
  end

  # Leaves without what RSpec has registered for the end.
  def tell(writer)
    writer.write(yield.to_s)
    writer.close
    exit!(0)
  end

  it "works in 20 children, forked while four threads are in the middle of requests" do
    used
    load = Array.new(4) { Thread.new { loop { used.sync([work]) } } }
    results = Array.new(20) { child { used.sync([work, work(2)]).map(&:success?) } }
    expect(results).to all(eq("[true, true]"))
    expect(used.sync([work]).first).to be_success
  ensure
    load.each(&:kill).each(&:join)
  end

  it "works in a child of a child, and with a client built before anything was sent" do
    unused = client(server.url)
    nested = child { child { unused.sync([work]).first.success? } }
    expect(nested).to eq("true")
    expect(unused.sync([work]).first).to be_success
  end

  it "leaves the parent's request alone when a child collects garbage and exits as usual" do
    waiting = Thread.new { client(server.url("sleep=1")).sync([work]) }
    server.await_request
    out, status = parent_and_child
    expect([out, status.success?]).to eq(["child parent", true])
    expect(waiting.value.first).to be_success
  end

  # In a Ruby of its own, because `exit` runs everything that RSpec has registered.
  def parent_and_child
    ruby_with_client("sleep=0.3", <<~RUBY)
      waiting = Thread.new { client.sync([work]).first.success? }
      sleep 0.1
      pid = fork do
        client = nil
        GC.start
        print "child "
        exit
      end
      Process.wait(pid)
      print "parent" if waiting.value && $?.success?
    RUBY
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
