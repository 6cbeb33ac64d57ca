# frozen_string_literal: true

require "rails_helper"

# A real Sidekiq in a process of its own, a real Redis, real HTTP.
RSpec.describe "Sidekiq", :committed do
  include_context "with Redis and a receiver"

  let(:site) { website }
  let(:settings) { { allow_private_hosts: true, settle_time: 0 } }

  before do
    configure(**settings)
    hook_of(site)
  end

  def expect_deliveries(count)
    wait_until { PwbCrm::Delivery.where(state: "succeeded").count == count }
    expect(receiver.events.map { |event| event["type"] }).to eq(["contact.created"] * count)
  end

  it "delivers what was saved elsewhere" do
    worker = start_worker(settings:)
    enqueueing { contact(site) }
    expect_deliveries(1)
  ensure
    worker&.kill
  end

  # Half a second each, and no job that Sidekiq would have to look after for longer.
  it "goes on the moment that a limit has room", :postgresql do
    PwbCrm::Integration.find_by!(website: site).update!(settings: { "requests_per_second" => 2 })
    worker = start_worker(settings: settings.merge(keep_to_limits: true))
    enqueueing { 5.times { contact(site) } }
    expect(seconds { expect_deliveries(5) }).to be_between(1.5, 15)
    expect(worker.log.scan(/Enqueued PwbCrm::IntegrationSyncJob .* at \d/).size).to be < 3
  ensure
    worker&.kill
  end

  # Neither the host nor the worker is started anew.
  it "goes on after its Redis was away and forgot every job: the sweep finds the rows" do
    worker = start_worker(settings:)
    enqueueing do
      redis.kill
      3.times { contact(site) }
      redis.start
      PwbCrm::Wake::Breaker.reset
      expect(PwbCrm::Sweep.call.size).to eq(1)
      expect_deliveries(3)
      contact(site)
      expect_deliveries(4)
    end
  ensure
    worker&.kill
  end
end
