# frozen_string_literal: true

require "bigdecimal"

RSpec.describe "Input to the native core" do
  let(:input) { PwbCrm.const_get(:Input) }
  let(:work_input) { PwbCrm.const_get(:WorkInput) }
  let(:work) { { key: 1, action: "upsert", record: { kind: "contact", id: 7 } } }

  it "makes plain values of what a host has" do
    cleaned = input.clean({ a: :b, "c" => [Date.new(2026, 1, 2), Time.utc(2026, 1, 2, 3), BigDecimal("1.50")],
                            d: 2**70, e: 1.5, f: nil, g: true, h: Rational(1, 2) }, "x")
    expect(cleaned).to eq("a" => "b", "c" => ["2026-01-02", "2026-01-02T03:00:00Z", "1.5"],
                          "d" => (2**70).to_s, "e" => 1.5, "f" => nil, "g" => true, "h" => 0.5)
  end

  it "makes valid UTF-8 of any bytes" do
    texts = ["caf\xE9".b, "caf\xC3\xA9".b, (+"caf\xE9").force_encoding("ISO-8859-1"), "a\xFFb"]
    expect(texts.map { |text| input.utf8(text) }).to eq(["caf\u{FFFD}", "café", "café", "a\u{FFFD}b"])
  end

  {
    "a set" => [{ a: Set[1] }, /x\.a is a Set/], "NaN" => [{ a: [Float::NAN] }, /x\.a\[0\] is NaN/],
    "a key of another kind" => [{ 1 => 2 }, /x has a key of class Integer/],
    "a name given twice" => [{ "a" => 1, a: 2 }, /x has "a" twice/]
  }.each do |what, (value, message)|
    it "refuses #{what} by its place" do
      expect { input.clean(value, "x") }.to raise_error(PwbCrm::ConfigurationError, message)
    end
  end

  it "refuses what is nested without end" do
    endless = []
    endless << endless
    expect { input.clean(endless, "x") }.to raise_error(PwbCrm::ConfigurationError, /nested more than 20 deep/)
  end

  it "completes a work" do
    expect(work_input.clean([work])).to eq(
      [{ "key" => "1", "action" => "upsert", "record" => { "kind" => "contact", "id" => 7 }, "website" => {},
         "link" => nil, "parent" => nil, "author" => nil, "doubt" => false,
         "reference" => "", "event_id" => "", "occurred_at" => "" }]
    )
  end

  it "keeps link and parent as text" do
    linked = work.merge(link: { external_type: "Contacts", external_id: 12, shadow: { a: "b" }, mapping_version: 1 },
                        parent: { external_type: "user", external_id: 9 },
                        author: { external_type: "user", external_id: 8 },
                        doubt: 1)
    expect(work_input.clean([linked]).first).to include(
      "link" => { "external_type" => "Contacts", "external_id" => "12", "shadow" => { "a" => "b" },
                  "mapping_version" => "1" },
      "parent" => { "external_type" => "user", "external_id" => "9" },
      "author" => { "external_type" => "user", "external_id" => "8" }, "doubt" => true
    )
  end

  {
    { key: nil } => /works\[0\]\.key is missing/, { action: "move" } => /works\[0\] \(key 1\)\.action must be one of/,
    { record: nil } => /\(key 1\)\.record must be a Hash/, { record: { kind: "visit" } } => /record\.kind must be one/,
    { record: { kind: "message", contact: "x" } } => /record\.contact must be a Hash or nil/,
    { record: { kind: "support_ticket", requester: [] } } => /record\.requester must be a Hash or nil/,
    { website: 1 } => /\.website must be a Hash or nil/, { link: { external_id: 1 } } => /link\.external_type is miss/,
    { parent: "1" } => /\.parent must be a Hash or nil/, { author: 7 } => /\.author must be a Hash or nil/,
    { record: { kind: "comment", author: "x" } } => /record\.author must be a Hash or nil/
  }.each do |wrong, message|
    it "refuses #{wrong} by the work's key" do
      expect { work_input.clean([work.merge(wrong)]) }.to raise_error(PwbCrm::ConfigurationError, message)
    end
  end

  it "refuses what is no list of works" do
    expect { work_input.clean(work) }.to raise_error(PwbCrm::ConfigurationError, /works must be an Array/)
    expect { work_input.clean([1]) }.to raise_error(PwbCrm::ConfigurationError, /works\[0\] must be a Hash/)
  end
end
