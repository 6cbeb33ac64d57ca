# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "A connection that the remote closes while it is idle", :native do
  # Milliseconds after an answer, and how: around the moment at which the next request is written.
  moments = [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5].product(%i[close reset])

  it "costs no POST, or says that it may have arrived" do
    script = Queue.new(moments * 40)
    remote = scripted_server do |talk|
      moment, how = script.pop
      talk.request && talk.answer
      sleep(moment / 1000.0)
      talk.reset if how == :reset
    end
    receiver = client(remote.url)
    outcomes = Array.new(400) do |index|
      sleep((index % 9) * 0.0004)
      receiver.sync([work(index)]).first
    end
    failed = outcomes.reject(&:success?).map(&:error)
    expect(failed).to all(be_a(PwbCrm::ConnectionError).and(have_attributes(sent: :maybe, retryable?: true)))
    expect(failed.size).to be < 200
    # Nothing was sent twice behind our back.
    expect(remote.requests.size).to be_between(400 - failed.size, 400)
  end

  it "is not used again once it is known to be closed" do
    closed = Queue.new
    remote = scripted_server { |talk| talk.request && talk.answer && closed.push(true) }
    receiver = client(remote.url)
    outcomes = Array.new(10) do |index|
      receiver.sync([work(index)]).first.tap { closed.pop && sleep(0.05) }
    end
    expect(outcomes).to all(be_success)
    expect(remote.connections).to eq(10)
  end
end
