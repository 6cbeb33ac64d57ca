# frozen_string_literal: true

require "rails_helper"

# What comes of an open breaker: probes, the end of them, and what it costs the records.
RSpec.describe "An outage" do
  include_context "with a remote that comes and goes"

  # As it was made: however busy the machine is.
  def pause = again.then { |one| one.paused_until - one.updated_at - PwbCrm::Sql.offset }

  it "of two hours costs nobody anything: few calls, no dead letter, then all in order, few at a time first" do
    records = Array.new(100) { contact(site) }
    fails(:connection, sent: :no)
    go_on_for(7200)
    expect(sent.size).to be <= 55
    pushes = slices.size
    works
    go_on_for(3600)
    expect(deliveries.pluck(:state).uniq).to eq(%w[succeeded])
    expect(ids(sent.last(100))).to eq(records.map(&:id))
    expect(slices.drop(pushes).first(5)).to eq([3, 6, 10, 10, 10])
    expect(again).to have_attributes(status: :ready, outages: 0, outage_since: nil, failures_in_row: 0)
  end

  it "is told of when it begins, at each probe, and when it ends" do
    10.times { contact(site) }
    fails(status: 503)
    changes = told do
      go_on_for(600)
      works
      go_on_for(3600)
    end
    expect(changes.first).to eq(change: :opened, failures: 10)
    expect(changes.drop(1)[..-2]).to all(include(change: :probe_failed))
    expect(changes.last).to eq(change: :closed, failures: 0)
  end

  it "says what happened, and when it goes on" do
    5.times { contact(site) }
    fails(status: 503)
    drain(crm)
    expect(again.status_message).to match(/last 5 calls in a row failed \(HTTP 503, remote\)\. .* goes on by itself/)
    expect(again.outage_since).to be_within(10).of(Time.current)
  end

  it "is probed after pauses that double, up to a quarter of an hour, and an hour after the first day" do
    6.times { contact(site) }
    fails(status: 503)
    pauses = Array.new(9) do
      drain(crm)
      pause.tap { |seconds| pass(seconds + 0.1) }
    end
    [30, 60, 120, 240, 480, 900, 900, 900].zip(pauses).each do |mean, seconds|
      expect(seconds).to be_between((mean * 0.75) - 2, (mean * 1.25) + 2)
    end
    pass(90_000)
    drain(crm)
    expect(pause).to be_between(2690, 4510)
  end

  it "counts the first attempt of what opened it, and none of what probed it, until patience ends" do
    configure(outage_patience: 600)
    10.times { contact(site) }
    fails(status: 503)
    go_on_for(500)
    expect(deliveries.pluck(:attempts).uniq).to eq([1])
    expect(deliveries.pluck(:error_code).uniq).to eq(%w[outage])
    go_on_for(7200)
    expect(deliveries.pluck(:attempts).max).to be > 1
  end

  it "in which answers make no sense is probed with another delivery each time" do
    records = Array.new(12) { contact(site) }
    fails(status: 500)
    go_on_for(3600)
    works
    go_on_for(3600)
    expect(ids(sent.drop(10).first(6))).to eq(records.values_at(10, 11, 0, 1, 2, 3).map(&:id))
    expect(deliveries.pluck(:state).uniq).to eq(%w[succeeded])
  end

  it "ends with an answer that is about the record" do
    6.times { contact(site) }
    fails(status: 503)
    drain(crm)
    fails(:validation)
    go_on_for(100)
    expect(again).to have_attributes(outages: 0, status: :ready)
    expect(deliveries.pluck(:state).uniq).to eq(%w[failed])
  end

  it "is not what a record or two make that fail each time, be it among good ones or alone" do
    records = Array.new(25) { contact(site) }
    fails_for(records.first.id, records.last.id, status: 500)
    expect(told { go_on_for(86_400 * 2) }).to be_empty
    expect(deliveries.pluck(:state)).to eq(["failed", *["succeeded"] * 23, "failed"])
  end

  it "made by records that fail each time ends, and they become dead letters" do
    records = Array.new(14) { contact(site) }
    fails_for(*records.first(7).map(&:id), status: 500)
    go_on_for(600)
    expect(deliveries.where(state: "succeeded").count).to eq(7)
    go_on_for(86_400 * 4)
    expect(deliveries.unscope(:order).group(:state).count).to eq("succeeded" => 7, "failed" => 7)
  end

  # Nobody can tell that record from an outage before something else arrives.
  describe "that may be a single record's fault" do
    let!(:poison) { contact(site) }

    before { fails_for(poison.id, status: 500) }

    def fate = deliveries.find_by!(record_id: poison.id.to_s).then { |one| [one.state, one.attempts] }

    it "is probed while nothing else is sent; then attempts count again, and it becomes a dead letter" do
      configure(outage_patience: 7200)
      expect(told { go_on_for(3600) }.first).to eq(change: :opened, failures: 5)
      expect(fate).to eq(["pending", 5])
      go_on_for(86_400)
      expect(fate).to eq(["failed", 12])
      contact(site)
      go_on_for(7200)
      expect(again).to have_attributes(outages: 0, status: :ready)
    end

    it "is over once another one arrives, and does not come again for that record" do
      go_on_for(3600)
      contact(site)
      expect(told { go_on_for(86_400) }).to eq([{ change: :closed, failures: 0 }])
      expect(deliveries.pluck(:state)).to eq(%w[failed succeeded])
    end

    it "never is one while others arrive" do
      changes = told do
        60.times do
          contact(site) if fate.first == "pending"
          go_on_for(1200)
        end
      end
      expect(changes).to be_empty
      expect(fate).to eq(["failed", 12])
    end

    it "makes no dead letter of what has few attempts" do
      configure(max_attempts: 2, outage_after: 2)
      go_on_for(7200)
      expect(fate).to eq(["pending", 2])
      works
      go_on_for(3600)
      expect(fate).to eq(["succeeded", 3])
    end
  end

  it "is probed again after the worker of a probe has died" do
    stub_const("Death", Class.new(Exception)) # rubocop:disable Lint/InheritException
    12.times { contact(site) }
    fails(status: 503)
    drain(crm)
    pass(40)
    remote.script = ->(_) { raise Death }
    expect { drain(crm) }.to raise_error(Death)
    PwbCrm::Integration.note(leased_until: 1.second.ago)
    expect(again).to have_attributes(outages: 1, status: :ready)
    works
    go_on_for(100)
    expect(slices.drop(2).first(2)).to eq([3, 6])
    expect(deliveries.pluck(:state).uniq).to eq(%w[succeeded])
  end

  it "can be ended by people, and what it put to the end of the line has its place back" do
    records = Array.new(12) { contact(site) }
    fails(status: 503)
    drain(crm)
    works
    again.resume!
    drain(crm)
    expect(ids(sent.drop(10))).to eq(records.map(&:id))
    expect(again).to have_attributes(outages: 0, status: :ready)
  end

  it "does not count while people keep it from sending" do
    5.times { contact(site) }
    remote.script = lambda do |work|
      PwbCrm::Integration.find(crm.id).pause!("On holiday.")
      crm.reload
      remote.failed(work, :remote)
    end
    drain(crm)
    expect(again).to have_attributes(state: "paused", status_message: "On holiday.", outages: 0)
  end
end
