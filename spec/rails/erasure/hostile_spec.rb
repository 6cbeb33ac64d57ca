# frozen_string_literal: true

require "rails_helper"

# What people may do about the same record before its erasure is through.
RSpec.describe "an erasure that something comes between" do
  include_context "with a person to erase"

  it "is still done where the record is tracked again before, and the record can be sent anew after it" do
    receipt = PwbCrm.erase(person)
    expect(PwbCrm.track(person, erased: true)).to eq(0)
    drain_all
    drain_all
    expect([held.values, outcomes(receipt).values.uniq]).to eq([[0, 0], %w[erased]])
    person.update!(last_name: "Li")
    drain_all
    expect([zoho.records("Contacts").sole["Last_Name"], zendesk.users.sole["name"]]).to eq(["Li", "Ana Li"])
  end

  it "is followed by what is tracked once more after it" do
    PwbCrm.erase(person)
    PwbCrm.track(person, erased: true)
    2.times { drain_all }
    expect(PwbCrm.track(person)).to eq(PwbCrm::Integration.count)
    drain_all
    expect([zoho.records("Contacts").size, zendesk.users.size]).to eq([1, 1])
  end

  [1, 2].each do |settled|
    it "is nobody's to refuse where the same was asked for while it was on its way (#{settled})" do
      second = nil
      first = PwbCrm.erase(person)
      stop = StopAt.new(*[/INSERT INTO .*sync_logs/] * settled) { second = PwbCrm.erase(person) }
      all_due
      stop.run { drain(crm) }
      2.times { drain_all }
      expect([first, second].map { |one| one.reload.state }).to eq(%w[complete complete])
    end
  end

  it "is put aside where people discard what failed of it, and the receipt says so" do
    zoho.fail_next(1, status: 400, only: ->(request) { request.delete? && request.path.include?("Contacts") })
    receipt = PwbCrm.erase(person)
    drain_all
    PwbCrm::Delivery.dead.sole.discard!(by: "Bo")
    entry = receipt.reload.entries.find { |one| one.values_at("platform", "record_type") == %w[zoho_crm contact] }
    expect(entry).to include("outcome" => "refused", "reason" => /discarded by Bo/)
    expect(receipt.state).to eq("incomplete")
  end

  it "keeps its receipt while it waits, and as long as the setting says from its end on" do
    receipt = PwbCrm.erase(person)
    PwbCrm::Receipt.update_all(created_at: 2.years.ago, updated_at: 2.years.ago)
    PwbCrm::Pruning.call
    drain_all
    expect(receipt.reload.state).to eq("complete")
    PwbCrm::Pruning.call
    expect(PwbCrm::Receipt.count).to eq(1)
    PwbCrm::Receipt.update_all(updated_at: 2.years.ago)
    PwbCrm::Pruning.call
    expect(PwbCrm::Receipt.count).to eq(0)
  end
end
