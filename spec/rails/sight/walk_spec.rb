# frozen_string_literal: true

require "rails_helper"

# What is told in a day of an integration's, from the first note to the pruning.
RSpec.describe "the events of a walk" do
  include_context "with an error reporter"

  let(:remote) { ScriptedProvider }
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:events) { [] }
  let(:log) { StringIO.new }

  around do |example|
    ActiveSupport::Notifications.subscribed(->(event) { events << event }, /\.pwb_crm\z/) { example.run }
  end

  before { configure(logger: Logger.new(log, formatter: ->(_, _, _, text) { "#{text}\n" })) }

  def told(name) = events.select { |event| event.name == "#{name}.pwb_crm" }.map(&:payload)

  def deliver_all
    all_due
    drain(crm)
  end

  def die_in_flight(person)
    PwbCrm::Delivery.of_record("contact", person.id).update_all(state: "in_flight", lease_token: 1, attempts: 12)
    PwbCrm::Integration.update_all(lease_token: 2)
  end

  def walk
    person = contact(site, first_name: "Zuleika", primary_email: "zuleika@example.com")
    deliver_all
    remote.script = ->(work) { remote.failed(work, :validation, "bad mail", status: 400, code: "INVALID_DATA") }
    person.update!(last_name: "Dobson")
    deliver_all
    PwbCrm::Delivery.replay(by: "Ana")
    deliver_all
    PwbCrm::Delivery.discard(by: "Bo")
    care
  end

  def care
    remote.refreshes = -> { { access_token: "t2", refresh_token: "r2", expires_in: 3600 } }
    crm.refresh_tokens!
    [PwbCrm::Sweep, PwbCrm::Reconcile.new(crm.id), PwbCrm::Pruning].each(&:call)
    crm.pause!("moving")
    drain(crm)
    fault
  end

  def fault
    PwbCrm::Report.call(IOError.new("no disk"), doing: "a test", about: PwbCrm::Events.of(crm))
  end

  it "have their keys, all of them" do
    walk
    expect(events.map { |event| [event.name.delete_suffix(".pwb_crm").to_sym, event.payload.keys] }.uniq)
      .to all(satisfy { |name, keys| PwbCrm::Events::PAYLOADS.fetch(name) == keys })
    expect(events.map(&:name).uniq).to match_array(
      %w[note wake drain deliver health dead_letter replay discard renew sweep reconcile prune fault]
        .map { "#{_1}.pwb_crm" }
    )
  end

  it "tell what happened" do
    walk
    expect(told(:note).first).to include(website_id: site.id, record_type: "contact", action: "create", count: 1)
    expect(told(:wake).first).to include(integration_id: crm.id, count: 1, outcome: :queued)
    expect(told(:deliver).map { |one| one.values_at(:action, :outcome, :status, :attempt) })
      .to eq([["create", :succeeded, 200, 1], ["update", :failed, 400, 1], ["update", :failed, 400, 1]])
    expect(told(:dead_letter).first).to include(integration_id: crm.id, error_code: "INVALID_DATA",
                                                reason: a_string_including("bad mail"))
    expect(told(:drain).map { |one| one.values_at(:outcome, :delivered, :failed) })
      .to eq([[:done, 1, 0], [:done, 0, 1], [:done, 0, 1], [:held_back, nil, nil]])
  end

  it "name their integration, but for those that are about all" do
    walk
    lines = log.string.lines.grep(/\A\[pwb_crm/).grep_v(/\] (sweep|prune) /)
    expect(lines).to all(start_with("[pwb_crm integration=#{crm.id}"))
    expect(events.map(&:payload).pluck(:integration_id).tally.keys).to contain_exactly(nil, crm.id)
  end

  it "are one for each integration where several are concerned" do
    other = integration(site)
    people = Array.new(2) { contact(site) }
    events.clear
    PwbCrm.track(people)
    expect(told(:note).map { |one| one.values_at(:integration_id, :record_type, :action, :count) })
      .to contain_exactly([crm.id, "contact", "update", 2], [other.id, "contact", "update", 2])
    expect(told(:wake).map { |one| one.values_at(:integration_id, :outcome, :count) })
      .to contain_exactly([crm.id, :queued, 1], [other.id, :queued, 1])
  end

  it "tell who did what" do
    walk
    expect(told(:replay)).to match([include(count: 1, by: "Ana")])
    expect(told(:discard)).to match([include(count: 1, by: "Bo")])
    expect(told(:renew)).to match([include(outcome: :renewed, platform: "scripted", error_code: nil)])
    expect(told(:fault)).to match([include(doing: "a test", error_class: "IOError")])
    expect([told(:sweep), told(:reconcile), told(:prune)].map { |one| one.sole[:count] }).to all(be_an(Integer))
  end

  it "are a line each, without a value of a record or a secret" do
    walk
    lines = log.string.lines.grep(/\A\[pwb_crm/)
    expect(lines.size).to eq(events.size)
    expect(lines.join).not_to match(/Zuleika|Dobson|t2|r2/i)
    expect(events.map { |event| event.payload.to_s }.join).not_to match(/Zuleika|Dobson/i)
  end

  it "tell of what its worker died over too often" do
    person = contact(site)
    die_in_flight(person)
    drain(crm)
    expect(told(:dead_letter)).to match([include(record_id: person.id.to_s, error_code: "worker_died", attempt: 12)])
  end

  it "tell how renewing went wrong" do
    { PwbCrm::AuthenticationError.new("gone", code: "invalid_code") => [:refused, "invalid_code"],
      PwbCrm::TimeoutError.new("slow") => [:failed, "timeout"] }.each do |error, expected|
      remote.refreshes = -> { raise error }
      expect { crm.refresh_tokens! }.to raise_error(PwbCrm::Error)
      expect(told(:renew).last.values_at(:outcome, :error_code)).to eq(expected)
      crm.resume!
    end
  end

  it "tell of a queue that is down, and of wakes that are left out then" do
    allow(PwbCrm::IntegrationSyncJob).to receive(:new).and_wrap_original do |original, *args|
      original.call(*args).tap { |job| allow(job).to receive(:enqueue).and_raise(IOError) }
    end
    2.times { contact(site) }
    expect(told(:wake).map { |one| one[:outcome] }).to eq(%i[failed left_out])
  end

  it "tell that a drain was broken off" do
    contact(site)
    all_due
    allow(PwbCrm::Delivery).to receive(:claim).and_raise(PwbCrm::Lease::Lost)
    drain(crm)
    expect(told(:drain)).to match([include(outcome: :broken_off, delivered: 0)])
  end
end
