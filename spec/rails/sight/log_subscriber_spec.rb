# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::LogSubscriber do
  let(:log) { StringIO.new }
  let(:lines) { log.string.lines(chomp: true).grep(/pwb_crm/) }

  before do
    configure(logger: Logger.new(log, formatter: ->(severity, _, _, text) { "#{severity} #{text}\n" }))
  end

  def emit(name, **payload) = PwbCrm::Events.emit(name, **{ integration_id: 3 }, **payload)

  record = { record_type: "contact", record_id: "12", attempt: 2, action: "update" }

  {
    [:deliver, { **record, outcome: :succeeded, status: 200, duration_ms: 312 }] =>
      "INFO [pwb_crm integration=3 record=contact/12 attempt=2] update succeeded 200 in 312 ms",
    [:deliver, { **record, outcome: :again, status: 503, error_code: "remote", duration_ms: 3, reason: "contact 12: no." }] => # rubocop:disable Layout/LineLength
      "WARN [pwb_crm integration=3 record=contact/12 attempt=2] update again 503 remote in 3 ms: contact 12: no.",
    [:dead_letter, { **record, error_code: "INVALID_DATA", reason: "two\n  lines" }] =>
      "ERROR [pwb_crm integration=3 record=contact/12 attempt=2] dead letter INVALID_DATA: two lines",
    [:drain, { outcome: :done, delivered: 2, failed: 0, skipped: 1, duration_ms: 40 }] =>
      "INFO [pwb_crm integration=3] drain done: 2 delivered, 0 failed, 1 skipped in 40 ms",
    [:drain, { outcome: :done, delivered: 0, failed: 0, skipped: 0, duration_ms: 4 }] =>
      "DEBUG [pwb_crm integration=3] drain done: 0 delivered, 0 failed, 0 skipped in 4 ms",
    [:drain, { outcome: :held_back, reason: "moving" }] => "INFO [pwb_crm integration=3] drain held_back: moving",
    [:renew, { outcome: :refused, error_code: "invalid_code", duration_ms: 9 }] =>
      "WARN [pwb_crm integration=3] renew outcome=refused error_code=invalid_code in 9 ms",
    [:note, { record_type: "contact", action: "update", count: 7 }] =>
      "DEBUG [pwb_crm integration=3 record=contact] note action=update count=7",
    [:disconnect, { step: :revoke, outcome: :given_up, error_code: "timeout" }] =>
      "WARN [pwb_crm integration=3] disconnect step=revoke outcome=given_up error_code=timeout",
    [:resync, { run_id: 4, state: "failed", noted: 7, total: 9 }] =>
      "WARN [pwb_crm integration=3] resync run_id=4 state=failed noted=7 total=9",
    [:erase, { integration_id: nil, website_id: 5, record_type: "contact", record_id: "12", receipt_id: 8,
               state: "incomplete" }] =>
      "WARN [pwb_crm website=5 record=contact/12] erase receipt_id=8 state=incomplete"
  }.each do |(name, payload), line|
    it "says of #{name}: #{line}" do
      emit(name, **payload)
      expect(lines).to eq([line])
    end
  end

  tags = { integration_id: "integration=3", record_type: "record=contact/12", attempt: "attempt=2" }

  PwbCrm::Events::PAYLOADS.except(:fault).each do |name, keys|
    it "tags the line of #{name} with all that it is about" do
      known = { **record, website_id: 5, platform: "zoho_crm", outcome: :done, state: "done", was: "new" }.slice(*keys)
      emit(name, **known)
      expect(lines).to match([match(/\A\w+ \[pwb_crm #{tags.slice(*keys).values.join(" ")}\] \w/)])
    end
  end

  it "tags the line of a fault as far as it is known what it is about" do
    { { integration_id: 3, record_type: "contact", record_id: "12" } => "integration=3 record=contact/12",
      { website_id: 5, platform: "zoho_crm" } => "website=5" }.each do |about, tag|
      PwbCrm::Report.call(IOError.new("no disk"), doing: "a test", about:)
      expect(log.string).to end_with("ERROR [pwb_crm #{tag}] a test failed: IOError: no disk\n")
    end
  end

  it "writes one line for each event there is, a fault's with its message" do
    PwbCrm::Events::PAYLOADS.except(:fault).each_key { |name| emit(name) }
    PwbCrm::Report.call(IOError.new("no disk"), doing: "a test")
    expect(lines.size).to eq(PwbCrm::Events::PAYLOADS.size)
    expect(lines.last).to eq("ERROR [pwb_crm] a test failed: IOError: no disk")
  end

  it "costs nothing where nobody reads debug lines, and asks no more of a logger than it must have" do
    configure(logger: Logger.new(log, level: :info))
    expect(%i[note drain].to_h { |name| [name, PwbCrm::Events.listening?(name)] }).to eq(note: false, drain: true)

    few = spy("a logger", info: nil, error: nil) # rubocop:disable RSpec/VerifiedDoubles -- three methods, no more
    allow(few).to receive(:respond_to?) { |name, *| %i[info warn error].include?(name) }
    configure(logger: few)
    emit(:note)
    emit(:limit, seconds: 3)
    expect(few).to have_received(:warn).once.with("[pwb_crm integration=3] limit seconds=3")
    expect(few).not_to have_received(:debug)
  end

  it "hurts nobody with a logger that fails" do
    configure(logger: Class.new(Logger) { def add(*) = raise(IOError) }.new(nil, level: :debug))
    expect { emit(:limit) }.not_to raise_error
  end
end
