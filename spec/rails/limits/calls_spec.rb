# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# Which of an account's calls at once a turn gets, where others are on the account, too.
RSpec.describe PwbCrm::Lease::Calls do
  include_context "with paced remotes"

  let(:crms) { Array.new(4) { connected(website) }.each { |one| one.note_account("acme") } }
  let(:account) { crms.first.account_digest }

  def connected(site) = integration(site, "zoho_crm", config: crm.config)

  def lease(one) = PwbCrm::Lease.acquire(one.id)

  # Of five.
  def calls(one, lease = lease(one)) = described_class.new(lease, one.account_digest, 5)

  def held(one) = PwbCrm::Integration.find(one.id).calls_held

  def taken(*most) = most.zip(crms).map { |count, one| calls(one).take(count) }

  it "are as many as are wanted, one of them left to whoever comes" do
    expect(taken(2, 2)).to eq([2, 2])
    expect(calls(crms[2]).take(5)).to eq(1)
    expect(calls(crms[3]).take(5)).to eq(0)
  end

  it "are a fair share where others are at it" do
    expect(taken(5, 5, 5)).to eq([4, 1, 0])
    first, second = crms.first(2).map { |one| lease_of(one) }
    expect(first.give_back).to eq([crms[2].id])
    second.give_back
    crms.first(3).each { |one| PwbCrm::Integration.where(id: one).note(leased_until: nil) }
    expect(calls(crms[2]).take(5)).to eq(4)
  end

  # The calls of the turn that is under way.
  def lease_of(one)
    row = PwbCrm::Integration.find(one.id)
    calls(one, PwbCrm::Lease.new(one.id, row.lease_token, 60, PwbCrm::Lease.clock + 60, true))
  end

  describe "when all are taken" do
    before do
      calls(crms[0]).take(4)
      calls(crms[1]).take(1)
      @waiting = crms[2, 2].map { |one| calls(one) }
      @waiting.each do |one|
        one.take(1)
        pass(0.1)
      end
    end

    it "go to those in line, in order, and not to who had them before" do
      expect(lease_of(crms[1]).give_back).to eq([crms[2].id])
      expect(lease_of(crms[1]).take(1)).to eq(0)
      expect(@waiting.last.take(1)).to eq(0)
      expect(@waiting.first.take(1)).to eq(1)
      expect(lease_of(crms[0]).give_back).to eq([crms[3].id, crms[1].id])
      expect(@waiting.last.take(1)).to eq(1)
    end

    it "are not kept for long for who does not come back, whose place is remembered" do
      lease_of(crms[1]).give_back
      pass(2)
      expect(lease_of(crms[1]).take(1)).to eq(1)
      expect(@waiting.last.take(1)).to eq(0)
      expect(@waiting.first.take(1)).to eq(0)
      lease_of(crms[1]).give_back
      expect(@waiting.last.take(1)).to eq(0)
      expect(@waiting.first.take(1)).to eq(1)
    end

    it "are free once the lease of a worker that died ends" do
      expect(@waiting.first.take(1)).to eq(0)
      pass(PwbCrm::Lease.time)
      expect(calls(crms[2]).take(1)).to eq(1)
      expect { lease_of(crms[0]).take(1).then { @waiting.first.take(1) } }.to raise_error(PwbCrm::Lease::Lost)
    end
  end

  it "are all of them for a turn that began alone on the account, until it ends" do
    only = connected(website).tap { |one| one.note_account("other") }
    turn = lease(only)
    newcomer = connected(website).tap { |one| one.note_account("other") }
    expect([turn.shared?, held(only), calls(newcomer).take(5)]).to eq([false, nil, 0])
    turn.release
    pass(PwbCrm::Lease.time)
    expect(calls(newcomer).take(5)).to eq(4)
  end

  it "wake who is in line for them" do
    lease(crms[2]).tap { |turn| turn.note(calls_held: 5) }.then do |turn|
      contact(crms[1].website)
      drain(crms[1])
      turn.release
    end
    contact(crms[0].website)
    expect { drain(crms[0]) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crms[1].id).once
    expect(crms[0].deliveries.pluck(:state)).to eq(["succeeded"])
  end

  it "end the turn of who gets none, which comes back by itself" do
    PwbCrm::Lease.acquire(crms[0].id).note(calls_held: 5)
    contact(crms[1].website)
    drain(crms[1])
    expect(zoho.requests).to be_empty
    expect(alarms.map(&:first)).to eq([0.505])
    expect(crms[1].reload).to have_attributes(status: :ready, calls_held: 0, leased_until: nil)
    lease_of(crms[0]).give_back
    drain(crms[1])
    expect(crms[1].deliveries.pluck(:state)).to eq(["succeeded"])
    expect(held(crms[1])).to eq(0)
  end

  it "are none for one record at once that nothing can be had for, which stays queued" do
    PwbCrm::Lease.acquire(crms[0].id).note(calls_held: 5)
    outcome = crms[1].provider.sync_contact(contact(crms[1].website))
    expect(outcome).to be_skipped
    expect(crms[1].deliveries.pluck(:state)).to eq(["pending"])
    expect(slept).to eq([0.505])
  end

  it "are given back by a turn that breaks off" do
    allow(PwbCrm::Drain::Push).to(receive(:new).and_wrap_original do |original, *given|
      original.call(*given).tap { |push| allow(push).to receive(:call).and_raise(PwbCrm::Lease::Lost) }
    end)
    contact(crms[0].website)
    drain(crms[0])
    expect(held(crms[0])).to eq(0)
  end

  it "are shared in an environment of any name" do
    configure(environment: "it's :shared, 100% %s")
    both = Array.new(2) { connected(website).tap { |one| one.note_account("other") } }
    expect(lease(both.first)).to be_shared
  end

  it "cost one that is alone on its account no statement" do
    only = connected(website).tap { |one| one.note_account("other") }
    contact(only.website)
    statements = statements_of { drain(only) }
    expect(only.deliveries.pluck(:state)).to eq(["succeeded"])
    expect(statements.grep(/calls_/).size).to eq(1)
  end
end
