# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Inbound::Warmup do
  let(:pool) { PwbCrm::InboundEvent.connection_pool }

  it "lets the app start without its database, or with one that does not answer" do
    stub_const("PwbCrm::Inbound::Warmup::PATIENCE", 0.05)
    faults = [-> { raise ActiveRecord::NoDatabaseError }, -> { Queue.new.pop }]
    faults.each do |fault|
      allow(PwbCrm::Integration).to receive(:load_schema, &fault)
      expect(described_class.call).to be_nil
    end
    expect(PwbCrm::Integration).to have_received(:load_schema).twice
  end

  it "leaves no connection behind that was not there before, and one that was" do
    allow(pool).to receive(:disconnect!)
    allow(pool).to receive(:connected?).and_return(true, false)
    described_class.call
    expect(pool).not_to have_received(:disconnect!)
    described_class.call
    expect(pool).to have_received(:disconnect!).once
  end
end
