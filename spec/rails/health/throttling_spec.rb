# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Integration::Throttling do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def again = PwbCrm::Integration.find(crm.id)

  # As it was made: however busy the machine is.
  def pause = again.then { |one| one.paused_until - one.updated_at }

  def deliveries = PwbCrm::Delivery.order(:id)

  def refuses(kind = :rate_limit, **) = remote.script = ->(work) { remote.failed(work, kind, **) }

  def try_again
    all_due
    drain(crm)
  end

  it "pauses the integration at the first refusal; what is in line is not sent, and keeps its place" do
    25.times { contact(site) }
    places = deliveries.pluck(:id, :run_at)
    refuses(retry_after: 300, status: 429)
    drain(crm)
    expect(remote.pushed.map(&:size)).to eq([10])
    expect(deliveries.pluck(:id, :run_at)).to eq(places)
    expect(deliveries.pluck(:state, :attempts).uniq).to eq([["pending", 0]])
    expect(again).to have_attributes(status: :paused, state_code: "limits", throttled: 1,
                                     status_message: /asks for a pause \(HTTP 429\)\. It goes on by itself at/)
    expect(pause).to be_between(295, 310)
  end

  it "holds no worker up: one job is enqueued for the end of the pause" do
    3.times { contact(site) }
    refuses(retry_after: 3600)
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    at_its_end = be_within(10.seconds).of(3602.seconds.from_now)
    expect { 3.times { drain(crm) } }
      .to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id).once.at(at_its_end)
    expect(Process.clock_gettime(Process::CLOCK_MONOTONIC) - started).to be < 5
  end

  it "pauses for another answer that names a time, but not for one that names none" do
    contact(site)
    refuses(:remote, status: 503)
    drain(crm)
    expect(again.status).to eq(:ready)
    expect(deliveries.sole.attempts).to eq(1)

    refuses(:remote, status: 503, retry_after: 120, sent: :yes)
    try_again
    expect(again).to have_attributes(state_code: "limits", throttled: 1)
    expect(deliveries.sole).to have_attributes(state: "pending", attempts: 1, doubt: true)
    expect(pause).to be_between(115, 130)
  end

  it "asks again after a day at the latest, and after a second at the soonest" do
    contact(site)
    { 10**9 => 86_400, 0 => 1, -5 => 1 }.each do |asked, least|
      refuses(retry_after: asked)
      try_again
      expect(pause).to be_between(least - 1, least + 6)
    end
  end

  it "doubles its own pauses, takes the sixth for the end of the day's allowance, and begins anew after a success" do
    contact(site)
    refuses(status: 429)
    pauses = Array.new(7) { try_again.then { pause } }
    [3, 6, 12, 24, 48].zip(pauses) { |least, seconds| expect(seconds).to be_between(least - 1, (least * 1.5) + 1) }
    expect(pauses.last(2)).to all(be_between(3595, 3610))
    expect(again.status_message).to match(/7 times in a row: its allowance for the day may be used up/)
    expect(deliveries.sole).to have_attributes(state: "pending", attempts: 0)

    remote.script = ->(work) { remote.succeeded(work) }
    try_again
    expect(again).to have_attributes(throttled: 0, state_code: nil, state_since: nil, status: :ready)
    expect(deliveries.sole.state).to eq("succeeded")
  end

  # Ten pauses by chance lie within a tenth of their spread once in a hundred million times.
  { "that the remote asks for" => [{ retry_after: 60 }, 0, 60..65], "of our own choice" => [{}, 4, 48..72],
    "for the end of the day's allowance" => [{}, 6, 3600..3605] }.each do |name, (asked, before, range)|
    it "spreads pauses #{name}, so that integrations do not all come back at once" do
      contact(site)
      refuses(**asked, status: 429)
      pauses = Array.new(10) do
        PwbCrm::Integration.note(throttled: before)
        try_again.then { pause }
      end
      expect(pauses).to all(be_between(range.begin - 1, range.end + 1))
      expect(pauses.minmax.reverse.reduce(:-)).to be > (range.end - range.begin) / 10.0
    end
  end

  it "counts a slice of which something arrived as the first" do
    records = Array.new(2) { contact(site) }
    PwbCrm::Integration.note(throttled: 4)
    remote.script = lambda do |work|
      work[:record][:id] == records.last.id ? remote.failed(work, :rate_limit) : remote.succeeded(work)
    end
    drain(crm)
    expect(again.throttled).to eq(1)
    expect(deliveries.pluck(:state)).to eq(%w[succeeded pending])
  end

  it "says since when, however often it is paused anew" do
    contact(site)
    refuses(retry_after: 60)
    drain(crm)
    PwbCrm::Integration.note(state_since: 1.hour.ago.round)
    since = again.state_since
    crm.reload.hold_off(60, "Again.", code: "limits")
    expect(crm.state_since).to eq(since)
    crm.hold_off(60, "For another reason.", code: "tokens")
    expect(crm.state_since).to be > 5.seconds.ago
    crm.resume!
    expect(crm).to have_attributes(state_since: nil, state_code: nil)
  end

  it "asks for nothing more of a batch once it was told to wait, and what was not sent is nowhere told" do
    zendesk = fake!(:zendesk)
    desk = integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" })
    12.times { contact(site) }
    zendesk.fail_next(12, status: 429, retry_after: 30)
    drain(desk)
    expect([zendesk.requests.size, PwbCrm::SyncLog.where(integration: desk).pluck(:http_status)]).to eq([1, [429]])
    expect(desk.deliveries.pluck(:state, :attempts).tally).to eq(["pending", 0] => 12)
    expect(desk.reload).to have_attributes(state_code: "limits", status_message: /asks for a pause \(HTTP 429\)/)
  end

  it "tells of it" do
    contact(site)
    refuses(retry_after: 60, status: 429)
    told = []
    ActiveSupport::Notifications.subscribed(->(event) { told << event.payload }, "limit.pwb_crm") { drain(crm) }
    expect(told.sole).to include(integration_id: crm.id, website_id: site.id, platform: "scripted", reason: :asked,
                                 status: 429, seconds: be_between(60, 65))
  end

  it "leaves a pause of people's as it is" do
    contact(site)
    remote.script = lambda do |work|
      PwbCrm::Integration.find(crm.id).pause!("On holiday.")
      remote.failed(work, :rate_limit, retry_after: 60)
    end
    drain(crm)
    expect(again).to have_attributes(state: "paused", status_message: "On holiday.", paused_until: nil)
    expect(deliveries.sole).to have_attributes(state: "pending", attempts: 0)
  end
end
