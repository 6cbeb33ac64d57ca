# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"
require_relative "../support/meeting"

RSpec.describe "an erasure that is done while an event of its record is handed over", :committed, :postgresql do
  include_context "with a Zendesk user"
  include_context "with remotes"
  include_context "with others at the same rows"

  let(:known) { PwbCrm::Link.find_by!(integration: desk, record_type: "contact") }
  let(:receipt) { PwbCrm::Receipt.sole }

  before do
    desk
    person
    drain_all
    erasing = nil
    configure(inbound_handlers: { contact: lambda do |*|
      erasing ||= beside { erase }
      erasing.join(10) || raise("it waited for the handler")
    end })
  end

  def erase
    PwbCrm.erase(person)
    all_due
    drain(desk)
  end

  it "waits for no handler, and keeps nothing once that is done" do
    2.times { |at| user_event("1", id: known.external_id, at:) }
    stub_const("PwbCrm::Inbound::Turn::SLICE", 1)
    apply
    expect(receipt.entries.find { |one| one["platform"] == "zendesk" }).to include("outcome" => "erased")
    expect([endings, receipt.traces_at]).to match([[["applied", nil]], be_present])
    PwbCrm::Sweep.call
    expect([endings, receipt.reload.traces_at]).to eq([[], nil])
  end

  it "keeps what is left for the next sweep while it is handed over" do
    held = user_event("1", id: known.external_id)
    apply
    held_up(-> { lock(held) }, -> { raise "it waited" if waiting_for_a_lock? }) { PwbCrm::Sweep.call }
    expect([endings, receipt.traces_at]).to match([[["applied", nil]], be_present])
  end
end
