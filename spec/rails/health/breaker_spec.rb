# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Integration::Breaker do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def again = PwbCrm::Integration.find(crm.id)

  def deliveries = PwbCrm::Delivery.order(:id)

  def fails(kind = :remote, **) = remote.script = ->(work) { remote.failed(work, kind, **) }

  def works = remote.script = ->(work) { remote.succeeded(work) }

  def fails_for(*ids, **)
    remote.script = lambda do |work|
      ids.include?(work[:record][:id]) ? remote.failed(work, :remote, **) : remote.succeeded(work)
    end
  end

  # Drains as often as jobs would, for so many seconds of the database's time.
  def go_on_for(seconds)
    loop do
      drain(crm)
      wait = PwbCrm::Conveyor.send(:next_due, crm.id)&.clamp(0.05, nil) or return
      return pass(seconds) if wait > seconds

      pass(wait)
      seconds -= wait
    end
  end

  def sent = remote.pushed.flatten

  def ids(works) = works.map { |work| work[:record][:id] }

  def slices = remote.pushed.map(&:size)

  def told(&)
    changes = []
    note = ->(event) { changes << event.payload.slice(:change, :failures) }
    ActiveSupport::Notifications.subscribed(note, "breaker.pwb_crm", &)
    changes
  end

  # As a drain settles it.
  def learn(outcomes)
    again.then { |one| PwbCrm::Integration.where(id: one.id).note(one.learn_from(outcomes).columns) }
  end

  describe "counting" do
    def first_attempt = PwbCrm::Delivery.new(attempts: 1)

    def outcome(word)
      work = { key: "1", record: { id: 1 } }
      case word
      when :ok then remote.succeeded(work)
      when :same then remote.outcome(work, status: :skipped, action: :unchanged, calls: [])
      when Array then remote.outcome(work, status: :failed, error: { kind: :remote, message: "no", sent: :yes },
                                           calls: [remote.call.merge(records: word.last)])
      else remote.failed(work, word)
      end
    end

    # Slices, then failures in a row and whether it is open.
    {
      [%i[remote remote]] => [2, false], [%i[remote timeout], %i[connection remote]] => [4, false],
      [%i[remote] * 5] => [5, true], [%i[remote] * 3, %i[timeout connection]] => [5, true],
      [%i[remote] * 4, %i[ok]] => [0, false], [%i[remote remote ok remote], %i[remote]] => [2, false],
      [%i[remote] * 4, %i[same], %i[remote]] => [5, true], [%i[remote] * 4, %i[validation conflict]] => [4, false],
      [%i[validation] * 30] => [0, false], [%i[internal] * 30] => [0, false], [%i[not_found] * 30] => [0, false],
      [%i[permission] * 9] => [0, false], [%i[permission] * 10] => [10, true],
      [[[:shared, 4]] * 4] => [1, false], [[[:shared, 100]] * 100, [[:shared, 3]] * 3] => [2, false],
      [[[:shared, 2]] * 10] => [5, true]
    }.each do |slices, (failures, open)|
      it "finds #{failures}#{" and opens" if open} after #{slices.inspect.truncate(60)}" do
        slices.each { |words| learn(words.to_h { |word| [first_attempt, outcome(word)] }) }
        expect(again.failures_in_row).to eq(failures)
        expect(again.held_off?).to be(open)
        expect(again).to have_attributes(outages: open ? 1 : 0, state_code: ("outage" if open))
      end
    end

    it "takes what a provider raised for all as one failure" do
      20.times { contact(site) }
      remote.script = ->(_) { raise PwbCrm::ConnectionError, "The line is dead." }
      drain(crm)
      expect(again).to have_attributes(failures_in_row: 2, outages: 0)
    end

    it "is left to the worker that has taken over" do
      contact(site)
      PwbCrm::Integration.note(failures_in_row: 3)
      remote.script = lambda do |work|
        PwbCrm::Integration.note(lease_token: Arel.sql("lease_token + 1"))
        remote.failed(work, :remote)
      end
      drain(crm)
      expect(again.failures_in_row).to eq(3)
    end

    it "does not blame the remote for the app's own database" do
      error = PwbCrm::ConnectionError.new("It could not be read.", code: "host_database")
      learn(Array.new(20) { [PwbCrm::Delivery.new, PwbCrm::Outcome.failed("1", error)] }.to_h)
      expect(again).to have_attributes(failures_in_row: 0, outages: 0)
    end
  end

  describe "an outage" do
    it "of two hours costs nobody anything: few calls, no dead letter, then all in order, few at a time first" do
      records = Array.new(200) { contact(site) }
      fails(:connection, sent: :no)
      go_on_for(7200)
      expect(sent.size).to be <= 55
      pushes = slices.size
      works
      go_on_for(3600)
      expect(deliveries.pluck(:state).uniq).to eq(%w[succeeded])
      expect(ids(sent.last(200))).to eq(records.map(&:id))
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
        (again.paused_until - Time.current - PwbCrm::Sql.offset).tap { |seconds| pass(seconds + 0.1) }
      end
      [30, 60, 120, 240, 480, 900, 900, 900].zip(pauses).each do |mean, seconds|
        expect(seconds).to be_between((mean * 0.75) - 2, (mean * 1.25) + 2)
      end
      pass(90_000)
      drain(crm)
      expect(again.paused_until - Time.current - PwbCrm::Sql.offset).to be_between(2690, 4510)
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
      records = Array.new(30) { contact(site) }
      fails_for(*records.first(12).map(&:id), status: 500)
      go_on_for(600)
      expect(deliveries.where(state: "succeeded").count).to eq(18)
      go_on_for(86_400 * 4)
      expect(deliveries.unscope(:order).group(:state).count).to eq("succeeded" => 18, "failed" => 12)
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

  describe "refusals of everything" do
    it "open it, so that they do not make a dead letter of each record" do
      50.times { contact(site) }
      fails(:permission, code: "NO_PERMISSION", status: 403)
      go_on_for(300)
      expect(deliveries.pluck(:state).uniq).to eq(%w[pending])
      expect(again.status_message).to match(/last 10 calls in a row failed \(HTTP 403, NO_PERMISSION\)/)
      works
      go_on_for(3600)
      expect(deliveries.pluck(:state).uniq).to eq(%w[succeeded])
    end

    it "are found out slice by slice, too" do
      remote.slice = 3
      fails(:permission, code: "NO_PERMISSION")
      12.times { contact(site) }
      drain(crm)
      expect(deliveries.unscope(:order).group(:state).count).to eq("failed" => 9, "pending" => 3)
      expect(again).to have_attributes(state_code: "outage", outages: 1)
    end

    it "of different kinds are each record's own" do
      fails_with = %w[NO_PERMISSION NOT_APPROVED].cycle
      remote.script = ->(work) { remote.failed(work, :permission, code: fails_with.next) }
      30.times { contact(site) }
      drain(crm)
      expect(deliveries.pluck(:state).uniq).to eq(%w[failed])
    end
  end
end
