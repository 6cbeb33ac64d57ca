# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

RSpec.describe PwbCrm::Doctor::Backlog do
  let!(:crm) { integration(website) }

  def findings = described_class.new.call.reject(&:ok?)

  def late(count, of: crm, **columns)
    Array.new(count) { contact(of.website) }
    of.deliveries.update_all(run_at: 2.hours.ago, **columns)
  end

  it "blames sweep and workers for what waits for nothing else" do
    late(2)
    expect(findings.sole).to have_attributes(
      said: "2 deliveries are due and not sent, the oldest for 2 hours, of #{crm.label}.", cure: /sweep and the workers/
    )
  end

  it "blames nobody for what the kill switch keeps back, or a pause until a moment ago" do
    late(1)
    configure(enabled: false)
    expect(findings).to be_empty
    configure(enabled: true)
    crm.update_columns(paused_until: 10.seconds.ago)
    expect(findings).to be_empty
    crm.update_columns(paused_until: 1.hour.ago)
    expect(findings.size).to eq(1)
  end

  it "sends to the remote for what its failing calls keep back" do
    late(1)
    { failures_in_row: 2, outages: 1 }.each do |column, count|
      crm.update_columns(failures_in_row: 0, outages: 0, column => count)
      expect(findings.sole).to have_attributes(said: /its last calls failed\.\z/, cure: /last_error/)
    end
  end

  it "names what is tried again where the others wait for that" do
    person = contact(crm.website)
    message(crm.website, contact: person)
    crm.deliveries.update_all(run_at: 2.hours.ago)
    crm.deliveries.of_record("contact", person.id).update_all(run_at: 1.hour.from_now, attempts: 3)
    expect(findings.sole).to have_attributes(said: /\A1 deliveries .* wait for others/, cure: /explain/)
    late(1)
    expect(findings.sole.cure).to include("workers")
  end

  context "with a remote that has limits" do
    include_context "with paced remotes"

    it "names them where they are used up" do
      late(1, of: desk)
      expect(findings.sole.cure).to include("workers")
      PwbCrm::Budget.block(desk.budget_account, 90)
      expect(findings.sole).to have_attributes(said: /limits of the remote account.*#{Regexp.escape(desk.label)}/,
                                               cure: /pwb_crm:status/)
    end
  end

  it "names the resync that is paused" do
    late(1, bulk: true)
    crm.update_columns(bulk_held: true)
    expect(findings.sole).to have_attributes(said: /held by a paused resync/, cure: /DO=resume/)
    late(1, bulk: false)
    expect(findings.sole.cure).to include("workers")
  end

  it "has a line for each cause, with the one that waits longest" do
    other = integration(website)
    late(1)
    late(2, of: other)
    other.deliveries.update_all(run_at: 3.days.ago)
    other.update_columns(failures_in_row: 9)
    expect(findings.map(&:said)).to contain_exactly(/\A1 .* 2 hours, of #{Regexp.escape(crm.label)}/,
                                                    /\A2 .* 3 days, of #{Regexp.escape(other.label)}: its last calls/)
  end

  it "tells events whose handler failed from those that nobody is at" do
    %w[1 2 3].each { |id| crm.inbound_events.create!(event_id: id, event_type: "x", created_at: 2.hours.ago) }
    crm.inbound_events.first.update_columns(attempts: 2, run_at: 1.hour.from_now)
    expect(findings.map { |check| [check.said, check.cure] }).to match(
      [["1 events that came in are tried again, because applying them failed.", /error_message.*handler/],
       ["2 events have come in and are not applied.", /sweep and the workers/]]
    )
  end
end
