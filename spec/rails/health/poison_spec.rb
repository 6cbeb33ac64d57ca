# frozen_string_literal: true

require "rails_helper"

# A record that always fails while others arrive is to blame itself, however short sync logs are kept.
RSpec.describe "A record that always fails" do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let!(:poison) { contact(site) }
  let(:remote) { ScriptedProvider }

  def again = PwbCrm::Integration.find(crm.id)

  def noted(record) = PwbCrm::Delivery.of_record("contact", record.id).sole

  def refuse_all_but(*ids)
    remote.script = lambda do |work|
      ids.include?(work[:record][:id]) ? remote.succeeded(work) : remote.failed(work, :remote, status: 500)
    end
  end

  # Each time the day after, when nothing is left of the log.
  def fail_again(times)
    times.times do
      PwbCrm::SyncLog.delete_all
      all_due
      drain(crm)
    end
  end

  def arrive(*others)
    refuse_all_but(*others.map(&:id))
    others.each { |other| noted(other).update!(run_at: 1.minute.ago) }
    drain(crm)
    expect(others.map { |other| noted(other).state }.uniq).to eq(%w[succeeded])
  end

  before { refuse_all_but }

  it "is no outage once another has arrived since, without a word of it in the log" do
    all_due
    drain(crm)
    other = contact(site)
    noted(poison).update!(run_at: 1.day.from_now)
    arrive(other)
    fail_again(7)
    expect(again).to have_attributes(outages: 0, failures_in_row: 0, status: :ready)
    expect(noted(poison)).to have_attributes(state: "pending", attempts: 8)
  end

  it "is none where another arrived in the very slice that it first failed in" do
    arrive(contact(site))
    expect(noted(poison)).to have_attributes(attempts: 1, first_failed_at: again.last_synced_at)
    fail_again(7)
    expect(again).to have_attributes(outages: 0, failures_in_row: 1, status: :ready)
  end

  it "is one where what arrived did so before" do
    noted(poison).update!(run_at: 1.day.from_now)
    arrive(contact(site))
    fail_again(PwbCrm.config.outage_after)
    expect(again).to have_attributes(outages: 1, status: :paused)
  end

  it "is one where nothing has arrived since people sent it again" do
    all_due
    drain(crm)
    noted(poison).update!(run_at: 1.day.from_now)
    arrive(contact(site))
    noted(poison).update!(state: "failed", settled_at: Time.current)
    noted(poison).replay!
    expect(noted(poison)).to have_attributes(attempts: 0, first_failed_at: nil)
    fail_again(PwbCrm.config.outage_after)
    expect(again).to have_attributes(outages: 1, status: :paused)
  end

  it "keeps since when, whatever it fails with next" do
    all_due
    drain(crm)
    first = noted(poison).first_failed_at
    expect(first).to eq(again.last_failed_at)
    remote.script = ->(work) { remote.failed(work, :conflict, status: 409) }
    fail_again(2)
    expect(noted(poison)).to have_attributes(attempts: 3, first_failed_at: first)
    expect(again.last_failed_at).to be > first
  end
end
