# frozen_string_literal: true

require "rails_helper"

# What counts as a failure of the remote, and from when on.
RSpec.describe PwbCrm::Integration::Breaker do
  include_context "with a remote that comes and goes"

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
