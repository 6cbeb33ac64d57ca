# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/forking"

# The child goes on with the very code that waits for a request, which only its parent has.
RSpec.describe "A fork in the middle of a call", :native do
  include Forking

  it "ends the call in the child, with an error that says so, and not in the parent" do
    out, status = ruby_with_client("sleep=1", <<~RUBY, within: 20)
      parent = Process.pid
      trap("USR1") { fork && Process.wait }
      Thread.new { sleep(0.2) && Process.kill("USR1", parent) }
      begin
        print "parent ", client.sync([work]).first.success?
      rescue PwbCrm::ConnectionError => e
        print "child ", e.sent, " " if e.message.include?("forked") && Process.pid != parent
      end
    RUBY
    expect([out, status.success?]).to eq(["child maybe parent true", true])
  end

  # What a scheduler's fiber waits for.
  def submit
    works = PwbCrm.const_get(:WorkInput).clean([work])
    client(server.url("sleep=1")).instance_variable_get(:@native).sync(works).submit(nil)
  end

  def told(pending)
    pending.take.inspect
  rescue PwbCrm::ConnectionError => e
    [pending.done?, e.sent, e.retryable?].inspect
  end

  it "does so for a fiber, too, whose descriptor would ring for ever" do
    pending = submit
    expect(child { [pending.done?, told(pending)].inspect }).to eq('[true, "[true, :maybe, true]"]')
    sleep(0.01) until pending.done?
    expect(pending.take.first).to have_attributes(action: :created)
  end
end
