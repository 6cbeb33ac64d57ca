# frozen_string_literal: true

require "rails_helper"

# A provider of the host's, asked what it would do with records.
RSpec.describe "a resync whose provider cannot tell what it would do" do
  include_context "with resyncs"

  let(:provider) { Class.new(ScriptedProvider) }
  let(:ours) { integration(site, "scripted") }
  let(:reports) { [] }

  before do
    provider.reset
    stub_const("ScriptedProvider", provider)
    allow(Rails.error).to receive(:report) { |error, **| reports << error.message }
    people(5)
  end

  def previewing(&) = provider.define_method(:preview, &)

  def raising_for(name, error)
    previewing do |works|
      raise error if works.any? { |work| work[:record][:first_name] == name }

      works.to_h { |work| [work[:key], :create] }
    end
  end

  it "says of which record it cannot, and why, and goes on with the others" do
    raising_for("P3", "secret-1")
    bad = Pwb::Contact.find_by(first_name: "P3").id
    run = PwbCrm.resync(ours, start: false)
    count(run)
    expect(run.reload.counts["contact"])
      .to eq("create" => 4, "update" => 0, "unchanged" => 0,
             "cannot" => { "preview of ScriptedProvider raised RuntimeError (id #{bad})" => 1 })
    run_to_end(run.start!, ours)
    expect([run.state, provider.keys.size, reports.size]).to eq(["done", 4, 2])
  end

  it "says so in the provider's words, where it has some" do
    bad = Pwb::Contact.find_by(first_name: "P2").id
    raising_for("P2", PwbCrm::ValidationError.new("The name is too long."))
    expect(counts(ours)["contact"]).to include("create" => 4, "cannot" => { "The name is too long (id #{bad})" => 1 })
  end

  it "goes on where it raises for all of them, whatever it raises, and reports that once a turn" do
    stub_const("PwbCrm::Resync::Turn::SIZE", 2)
    [NoMethodError, PwbCrm::ConfigurationError, PwbCrm::TimeoutError].each do |type|
      previewing { |_| raise type, "never" }
      reports.clear
      told = counts(ours)["contact"]
      expect([told["create"], told["cannot"].values, reports.size]).to eq([0, [2, 2, 1], 1])
      ours.resyncs.unfinished.sole.cancel!
    end
  end

  it "takes what is no answer for none" do
    answers = { nil => /NoMethodError/, {} => /does not say/, { "0" => :perhaps } => /does not say/ }
    answers.each do |answer, reason|
      previewing { |_| answer }
      expect(counts(ours)["contact"]["cannot"].to_a).to match([[reason, 5]])
      ours.resyncs.unfinished.sole.cancel!
    end
  end

  it "fails, with the reason, where there is no client to be had" do
    provider.define_method(:client) { raise KeyError, "secret-2" }
    run = PwbCrm.resync(ours, start: false)
    count(run)
    expect(run.reload).to have_attributes(state: "failed", reason: /client could not be made: KeyError/)
  end

  it "is no trouble to who asks why a record was sent" do
    person = contact(site)
    all_due
    drain(ours)
    previewing { |_| raise "never" }
    expect { PwbCrm.explain(person).to_s }.not_to raise_error
  end
end
