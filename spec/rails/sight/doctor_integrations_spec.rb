# frozen_string_literal: true

require "rails_helper"

RSpec.describe "What the doctor says of integrations" do
  include_context "with an examined installation"

  describe "connections" do
    it "that do not send are named, with what to do about them" do
      crm.update!(settings: { requires: ["api_key"] })
      expect(finding("connections")).to have_attributes(said: include(crm.label), cure: /lacks api_key/)
      crm.update!(settings: {}, environment: "elsewhere")
      expect(finding("connections")).to have_attributes(said: /another environment: #{label}/, cure: /adopt!/)
      crm.update!(active: false)
      expect(found).to be_empty
    end

    it "are named together where the reason is the same" do
      others = Array.new(2) { integration(website) }
      [crm, *others].each { |one| one.pause!("moving") }
      others.last.pause!("broke")
      expect(PwbCrm::Doctor.call.reject(&:ok?).map { |check| [check.said, check.cure] }).to eq(
        [["Does not send: #{crm.label}, #{others.first.label}.", "moving"],
         ["Does not send: #{others.last.label}.", "broke"]]
      )
    end

    it "whose tokens cannot be renewed are named before the tokens end" do
      ScriptedProvider.refreshes = nil
      crm.connect!({ access_token: "a", refresh_token: "r", expires_in: 3600 })
      expect(finding("connections")).to have_attributes(said: /id or secret: #{label}/)
    end
  end

  it "sees what is stuck in flight" do
    contact(crm.website)
    PwbCrm::Delivery.claim(PwbCrm::Lease.acquire(crm.id), limit: 1)
    expect(found).to be_empty
    PwbCrm::Delivery.update_all(claimed_at: 10.minutes.ago)
    expect(finding("leases")).to have_attributes(fault?: true, said: /1 deliveries are stuck in flight, of #{label}/)
  end

  it "sees a lease that nobody can have got, which the next sweep shortens" do
    contact(crm.website)
    all_due
    crm.update_columns(leased_until: 1.year.from_now, lease_token: 7)
    expect(finding("leases")).to have_attributes(fault?: true, said: /clock was set back/, cure: /The sweep shortens/)
    expect(PwbCrm::Sweep.call).to eq([])
    expect(found).not_to include("leases")
    expect(PwbCrm::Lease.acquire(crm.id)).to be_nil
    pass(61)
    expect(PwbCrm::Sweep.call).to eq([crm.id])
  end

  it "leaves a lease that somebody may have" do
    lease = PwbCrm::Lease.acquire(crm.id)
    lease.renew(PwbCrm::Lease.time + 86_000)
    expect { PwbCrm::Lease.shorten }.not_to(change { crm.reload.leased_until })
    expect(found).not_to include("leases")
  end
end
