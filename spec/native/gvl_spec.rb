# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "Ruby's global lock", :native do
  # How much a thread counts in a second, not counting the time for which the machine had no processor for it.
  def speed
    counted = delayed = 0
    time = seconds do
      before = delay
      ending = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 0.05
      1000.times { counted += 1 } while Process.clock_gettime(Process::CLOCK_MONOTONIC) < ending
      delayed = delay - before
    end
    counted / (time - delayed)
  end

  def delay = File.read("/proc/thread-self/schedstat").split[1].to_i / 1e9

  # The speed beside another thread, as a part of the speed alone: medians of rounds that alternate.
  def share(rounds)
    pairs = Array.new(rounds) do
      alone = speed
      other = yield
      [alone, speed].tap { other.kill.join }
    end
    alone, beside = pairs.transpose.map { |speeds| median(speeds) }
    beside / alone
  end

  # A call that the server has, and does not answer.
  def waiting
    hanging = client(server.url("hang"))
    Thread.new { hanging.sync([work]) }.tap { server.await_request }
  end

  # Processors that are shared with other processes have ups and downs of more than 5 %, so it may try three times.
  it "is given to others while a thread waits for an answer: they keep 95 % of their speed" do
    shares = []
    shares << share(15) { waiting } until shares.size == 3 || shares.last&.>=(0.95)
    expect(shares.max).to be >= 0.95
  end

  it "would be missed if the thread kept it" do
    expect(share(3) { Thread.new { loop { nil } } }).to be < 0.7
  end

  it "makes ten threads about as quick as one where the server takes 50 ms" do
    slow = client(server.url("sleep=0.05"))
    ten = -> { Array.new(10) { |i| Thread.new { slow.sync([work(i)]) } }.each(&:join) }
    ten.call # which connects
    alone = median(Array.new(5) { seconds { slow.sync([work]) } })
    expect(median(Array.new(5) { seconds(&ten) })).to be < alone * 3
  end
end
