# frozen_string_literal: true

RSpec.describe PwbCrm::Outcome do
  def outcome(**attributes)
    described_class.new({ key: "1", status: "succeeded", links: [], calls: [] }.merge(attributes))
  end

  it "tells success, skipping and failure apart" do
    ends = [outcome(action: "created", id: "9", external_type: "Contacts"), outcome(status: "skipped", reason: "none"),
            outcome(status: "skipped", action: "unchanged"),
            outcome(status: "failed", error: { kind: "remote", message: "m", sent: "yes", details: [] })]
    expect(ends.map { |one| [one.success?, one.skipped?, one.failed?] })
      .to eq([[true, false, false], [false, true, false], [true, true, false], [false, false, true]])
    expect(ends.first).to have_attributes(action: :created, id: "9", error: nil)
    expect(ends.last.error).to be_a(PwbCrm::RemoteError)
  end

  it "carries why it was skipped in one word" do
    expect(described_class.skipped("1", "contact 7 is not wanted", code: "unwanted"))
      .to have_attributes(skipped?: true, reason: "contact 7 is not wanted", code: "unwanted", frozen?: true)
    expect([outcome, described_class.skipped("1", "none")].map(&:code)).to eq([nil, nil])
  end

  it "tells the calls and the records found on the way" do
    call = { method: "POST", path: "/a", status: 201, duration_ms: 5, sent: "yes", fields: ["Email"], error_code: nil }
    told = outcome(calls: [call], links: [{ role: "parent", external_type: "Contacts", external_id: "3" }])
    expect(told.calls.first).to have_attributes(method: "POST", sent: :yes, fields: ["Email"])
    expect(told.links.first.to_h).to eq(role: "parent", external_type: "Contacts", external_id: "3")
  end

  it "is refused by the name of what is malformed" do
    { nil => /\Aattributes must be a Hash/, 5 => /\Aattributes/, {} => /\Astatus must be one of succeeded, skipped/,
      { status: "done" } => /\Astatus/ }.each do |wrong, words|
      expect { described_class.new(wrong) }.to raise_error(PwbCrm::ConfigurationError, words), wrong.inspect
    end
    { error: [5, {}], action: [5], links: [5, [1]], calls: [5, [{ a: 1 }]] }.each do |name, wrongs|
      wrongs.each do |wrong|
        expect { outcome(name => wrong) }.to raise_error(PwbCrm::ConfigurationError, /\A#{name} could not be read/)
      end
    end
    expect { described_class.failed("1", nil) }
      .to raise_error(PwbCrm::ConfigurationError, /\Aerror must be a PwbCrm::Error, but is a NilClass/)
  end

  it "is frozen and short to look at" do
    failed = outcome(status: "failed", error: { kind: "remote", message: "contact 7: gone", sent: "yes", details: [] },
                     shadow: { "Email" => "h4sh" })
    expect([failed, failed.links, failed.calls, failed.shadow]).to all(be_frozen)
    expect(failed.inspect).to eq('#<PwbCrm::Outcome "1" failed contact 7: gone>')
  end
end
