# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Roundup do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:notices) { [] }
  let(:job) { PwbCrm::IntegrationNotifyJob }

  before do
    configure(notify: ->(notice) { notices << notice })
    remote.script = ->(work) { remote.failed(work, :validation) }
  end

  def told
    perform_enqueued_jobs(only: job)
    notices.select { |notice| %i[dead_letter inbound_failed].include?(notice.name) }.map(&:count)
  end

  def bury(count)
    count.times { contact(site) }
    drain(crm)
  end

  it "tells of all dead letters of a turn at once, however many slices they were in" do
    bury(35)
    expect(remote.pushed.size).to be > 3
    ids = PwbCrm::Delivery.dead.order(:id).ids
    expect(told).to eq([35])
    expect(notices.find { |notice| notice.name == :dead_letter })
      .to have_attributes(delivery_ids: ids.first(20), why: /\Acontact \d+: it went wrong/)
  end

  it "tells of a storm once in ten minutes, and of all that were given up meanwhile" do
    5.times do |round|
      bury(round + 1)
      pass(100)
      PwbCrm::Sweep.call
    end
    expect(told).to eq([1])
    pass(110)
    PwbCrm::Sweep.call
    expect(told).to eq([1, 14])
    pass(610)
    PwbCrm::Sweep.call
    expect(told).to eq([1, 14])
    bury(2)
    expect(told).to eq([1, 14, 2])
  end

  it "counts for each integration by itself" do
    other = integration(site)
    bury(2)
    drain(other)
    expect(told).to eq([2, 2])
  end

  it "tells of what one record alone was given up for, too" do
    crm.provider.sync_contact(contact(site))
    expect(told).to eq([1])
  end

  it "leaves what a worker could not tell any more to the sweep, if it is not too old by then" do
    2.times { contact(site) }
    PwbCrm::Delivery.update_all("state = 'failed', settled_at = #{PwbCrm::Sql.now(-3600)}")
    PwbCrm::Sweep.call
    expect(told).to eq([2])
    PwbCrm::Integration.note(dead_letters_told_at: nil)
    pass(86_400)
    PwbCrm::Sweep.call
    expect(told).to eq([2])
  end

  it "asks the database nothing where nobody wants to know" do
    configure(notify: nil)
    bury(3)
    PwbCrm::Sweep.call
    expect([told, crm.reload.dead_letters_told_at]).to eq([[], nil])
  end

  it "tells by itself where the sweep drains and there is no queue, and where the queue is dead" do
    contact(site)
    PwbCrm::Sweep.drain
    expect(notices.map(&:name)).to include(:dead_letter)
    notices.clear
    bury(1)
    pass(610)
    allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(Errno::ECONNREFUSED)
    PwbCrm::Sweep.call
    expect(notices.map(&:count)).to eq([1])
  end

  it "cannot be hurt by what goes wrong, nor hurt the drain" do
    reported = []
    allow(PwbCrm::Report).to receive(:call) { |error, **| reported << error.class }
    allow(PwbCrm::Notifier).to receive(:wanted?).and_raise(ActiveRecord::StatementInvalid)
    bury(1)
    expect(PwbCrm::Delivery.dead.count).to eq(1)
    expect(reported).to include(ActiveRecord::StatementInvalid)
  end

  it "tells of what came in and was given up in the same way" do
    rows = Array.new(3) do |index|
      { integration_id: crm.id, event_id: "e#{index}", event_type: "user", state: "failed",
        settled_at: Time.current, error_message: "The handler raised IOError." }
    end
    PwbCrm::InboundEvent.insert_all!(rows)
    2.times { PwbCrm::Sweep.call }
    expect(told).to eq([3])
    expect(notices.sole).to have_attributes(name: :inbound_failed, why: /IOError/, delivery_ids: [])
    expect(notices.sole.to_s).to include("gave up 3 of the events that came in")
  end

  describe "where many look at the same moment", :committed, :postgresql do
    # Each with a connection of its own, as processes have.
    def at_once(count, &)
      ready = Queue.new
      start = Queue.new
      threads = Array.new(count) { Thread.new { look(ready, start, &) } }
      count.times { ready.pop }
      count.times { start << true }
      threads.each(&:join)
    end

    def look(ready, start)
      PwbCrm::ApplicationRecord.with_connection do
        one = PwbCrm::Integration.find(crm.id)
        ready << true
        start.pop
        yield one
      end
    end

    it "one tells of dead letters" do
      2.times { contact(site) }
      5.times do |round|
        PwbCrm::Delivery.update_all("state = 'failed', settled_at = #{PwbCrm::Sql.now}")
        PwbCrm::Integration.note(dead_letters_told_at: nil)
        at_once(4) { |one| described_class.dead_letters.tell(one) }
        expect(told).to eq([2] * (round + 1))
      end
    end

    it "one tells of a change of health" do
      5.times do |round|
        crm.update_columns(state: "paused", state_reason: "On holiday.", health: "healthy")
        at_once(4) { |one| PwbCrm::Integration::Watch.review(one) }
        told
        expect(notices.map(&:name)).to eq([:health_changed] * (round + 1))
      end
    end
  end
end
