# frozen_string_literal: true

require "rails_helper"

# Real workers, which read the kill switch from a file, deliver to a real receiver over HTTP.
RSpec.describe "The kill switch over processes", :committed do
  include_context "with Redis and a receiver"

  let(:budget) { 3 }
  let(:site) { website }
  let(:switch) { File.join(@home, "on") }

  around { |example| Dir.mktmpdir { |home| (@home = home) && example.run } }

  def start_workers
    settings = { allow_private_hosts: true, settle_time: 0, drain_budget: budget }
    configure(**settings)
    hook_of(site)
    Array.new(2) { start_worker(settings:, env: { "PWB_CRM_SWITCH" => switch }) }
  end

  def save_many
    Pwb::Contact.insert_all!(Array.new(2000) { { website_id: site.id, first_name: "Ana" } })
    enqueueing { PwbCrm.track(Pwb::Contact.where(website_id: site.id)) }
  end

  def expect_silence
    sent = receiver.requests.size
    sleep 1
    expect(receiver.requests.size).to eq(sent)
    expect(PwbCrm::Delivery.distinct.pluck(:state, :attempts)).to contain_exactly(["succeeded", 1], ["pending", 0])
  end

  it "stops everything within one budget, and the sweep goes on when it is on again" do
    workers = start_workers
    FileUtils.touch(switch)
    save_many
    wait_until { receiver.requests.any? }

    FileUtils.rm(switch)
    sleep budget
    expect_silence

    sent = receiver.requests.size
    FileUtils.touch(switch)
    expect(enqueueing { PwbCrm::Sweep.call }.size).to eq(1)
    wait_until { receiver.requests.size > sent }
  ensure
    workers&.each(&:kill)
  end
end
