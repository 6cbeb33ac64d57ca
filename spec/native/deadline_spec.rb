# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "The deadline of a call", :native do
  let(:deadline) { PwbCrm.const_get(:Deadline) }
  let(:clock) { PwbCrm.const_get(:Monotonic) }
  let(:local) { client(server.url) }

  def codes(outcomes) = outcomes.map { |outcome| outcome.error&.code }

  it "is the nearest of all around it, and ends with its block" do
    deadline.within(100) do
      outer = deadline.latest
      expect(deadline.within(1_000) { deadline.latest }).to eq(outer)
      expect(deadline.within(10) { deadline.left }).to be_between(5, 10)
      expect(deadline.latest(20)).to be < outer
      expect(deadline.latest).to eq(outer)
    end
    expect(deadline.latest).to be_nil
    expect { deadline.left }.to raise_error(ArgumentError, /no deadline/)
  end

  it "holds for every client that is called in its block, and for nobody else" do
    deadline.within(-1) do
      expect(deadline.left).to eq(0.0)
      expect(codes(local.sync([work]))).to eq(["not_attempted"])
      expect(codes(local.sync([work], within: 100))).to eq(["not_attempted"])
      expect(Thread.new { local.sync([work]) }.value).to all(be_success)
    end
    expect(local.sync([work])).to all(be_success)
    expect(server.requests).to eq(2)
  end

  it "holds for a Ruby transport, too" do
    requests = []
    PwbCrm.config.transport = ->(request) { requests.push(request) && [200, {}, []] }
    deadline.within(-1) { expect(codes(local.sync([work]))).to eq(["not_attempted"]) }
    deadline.within(5) { local.sync([work]) }
    expect(requests.first.deadline).to be_between(Time.now - 5, Time.now + 5)
  end

  # The parent lets the process go on once its time is over.
  it "passes while the process is stopped, and nothing is sent late" do
    reader, writer = IO.pipe
    pid = fork do
      result = deadline.within(0.3) do
        Process.kill(:STOP, Process.pid)
        local.sync([work])
      end
      writer.write(result.first.error&.code)
      exit!(0)
    end
    writer.close
    expect(Process.wait2(pid, Process::WUNTRACED).last).to be_stopped
    ended = clock.now + 0.5
    sleep(0.05) until clock.now > ended
    Process.kill(:CONT, pid)
    expect(reader.read).to eq("not_attempted")
    Process.wait(pid)
    expect(server.requests).to eq(0)
  end
end
