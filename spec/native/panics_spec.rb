# frozen_string_literal: true

require_relative "support/native_help"

# Each in a Ruby of its own, because what would go wrong here ends the process. The panics are made to order, with a
# secret in their words; see ext/pwb_crm/src/bombs.rs.
RSpec.describe "A panic", :native do
  # What the code prints, line by line. After it the process is still good for a request, and stderr is clean.
  def panicking(code)
    out, err, status = ruby_apart(with_client("", <<~RUBY))
      require "timeout"
      native = PwbCrm.const_get(:Native)
      await = ->(pending) { IO.for_fd(pending.fileno, autoclose: false).wait_readable until pending.done? }
      #{code}
      puts client.sync([work]).first.action
    RUBY
    expect([err, status.success?, out.lines.last]).to eq(["", true, "created\n"]), "#{status}: #{out}\n#{err}"
    out.lines(chomp: true)[..-2]
  end

  ways = {
    "in a method" => ["native.panic_here", "panic_here"],
    "in a callback of Ruby's" => ["native.panic_in_each({ a: 1 })", "panic_in_each"],
    "in a drop inside a method" => ["native.panic_in_drop", "panic_in_drop"],
    "in a flow, in the calling thread" => ["native.panicking_flow.begin", "begin"],
    "in a task" => ["native.panicking_flow.drive(nil)", "the native transport"],
    "in a drop inside a task" => ["native.flow_with_a_bomb.drive(nil)", "the native transport"],
    "in a task a fiber waits for" => ["native.panicking_flow.submit(nil).tap(&await).take", "the native transport"],
    "in another thread" => ["Thread.new { native.panic_here }.tap { |t| t.report_on_exception = false }.join",
                            "panic_here"]
  }

  it "raises an error that tells its place and nothing else: #{ways.keys.join("; ")}" do
    told = panicking(<<~RUBY)
      #{ways.values.map { |code, _| "begin; #{code}; rescue Exception => e; puts [e.class, e.sent, e.message].join('|'); end" }.join("\n")}
      puts PwbCrm.panics.values.inspect
    RUBY
    expect(told.pop).to eq("[5, 3, 0]")
    expect(told).to match(ways.values.map do |_, inside|
      %r{\APwbCrm::InternalError\|maybe\|pwb_crm failed inside #{inside}, at pwb_crm/src/bombs\.rs:\d+\. This is a bug}
    end)
    expect(told.join).not_to include("s3cret")
  end

  it "raises in another Ractor and in a child just so, and the parent goes on" do
    told = panicking(<<~RUBY)
      native.panicking_flow.drive(nil) rescue nil
      $stdout.sync = true
      Process.wait(fork { puts((native.panicking_flow.drive(nil) rescue $!.class)); exit!(0) })
      puts $?.success?
      PwbCrm.eager_load!
      puts Ractor.new { (PwbCrm.const_get(:Native).panic_here rescue $!.class.name) }.take
    RUBY
    expect(told).to eq(%w[PwbCrm::InternalError true PwbCrm::InternalError])
  end

  it "is caught and counted while the collector frees" do
    told = panicking(<<~RUBY)
      50.times { native.flow_with_a_bomb }
      GC.start
      puts PwbCrm.panics.values.inspect
    RUBY
    expect(told.join).to match(/\A\[0, 0, (4[5-9]|50)\]\z/)
  end

  it "is counted when a request is cancelled, and the exception that cancelled it arrives" do
    told = panicking(<<~RUBY)
      ways = [->(flow) { Timeout.timeout(0.1) { flow.drive(nil) } }, ->(flow) { flow.submit(nil).cancel }]
      ways.each.with_index(1) do |way, count|
        way.call(native.waiting_flow_with_a_bomb(#{server.url("hang").inspect})) rescue puts($!.class)
        200.times { PwbCrm.panics[:tasks] == count ? break : sleep(0.05) }
      end
      puts PwbCrm.panics.values.inspect
    RUBY
    expect(told).to eq(["Timeout::Error", "[0, 2, 0]"])
  end

  it "is counted from nothing" do
    expect(ruby("print PwbCrm.panics").first).to match(/\A\{:?calls(=>|: )0, :?tasks(=>|: )0, :?frees(=>|: )0\}\z/)
  end
end
