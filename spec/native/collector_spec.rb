# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "The garbage collector", :native do
  let(:contact) { { id: 7, first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" } }
  let(:full_work) do
    work.merge(
      record: { kind: "message", id: 1, text: "hi", contact:, property: {} }, website: { id: 1 },
      link: { external_type: "event", external_id: "e", shadow: { data: "x" }, mapping_version: "1" }
    )
  end

  def stressed
    GC.stress = true
    yield
  ensure
    GC.stress = false
  end

  # Everything that makes Ruby objects in Rust, once.
  def everything = [signed, sent, refused, PwbCrm::Payload.zoho_contact(contact)]

  def signed
    signer = PwbCrm::WebhookSigner.new(NativeHelp::SECRET)
    signer.verify!("x", signer.sign("x", id: "m", timestamp: Time.now))
  end

  def sent
    outcomes = [server.url, "http://127.0.0.1:1"].flat_map { |url| client(url).sync([full_work]) }
    outcomes.map { |outcome| [outcome.action, outcome.error.class, outcome.calls.map(&:path)] }
  end

  def refused
    PwbCrm::ZohoClient.new(access_token: "t", api_domain: "evil.example")
  rescue PwbCrm::ConfigurationError => e
    e.message
  end

  it "may run at every allocation" do
    calm = everything
    expect(stressed { everything }).to eq(calm)
  end

  it "may move everything at any time" do
    calm = everything
    GC.auto_compact = true
    results = Array.new(50) { everything.tap { GC.start } }
    expect(results).to all(eq(calm))
  ensure
    GC.auto_compact = false
  end

  it "may move everything, with references verified" do
    kept = [client(server.url), PwbCrm::WebhookSigner.new(NativeHelp::SECRET)]
    GC.verify_compaction_references(expand_heap: true, toward: :empty)
    expect(kept.first.sync([work]).first).to be_success
    expect(kept.last.sign("x", id: "m", timestamp: 1)).to include("webhook-id" => "m")
  end

  it "gets back what requests and cancelled requests used" do
    used = client(server.url)
    hanging = client(server.url("hang"))
    300.times { used.sync([work]) }
    before = resident
    3_000.times { used.sync([work]) }
    100.times { expect { Timeout.timeout(0.002) { hanging.sync([work]) } }.to raise_error(Timeout::Error) }
    GC.start
    expect(resident - before).to be < 16_384
  end

  # KiB
  def resident = File.read("/proc/self/status")[/VmRSS:\s+(\d+)/, 1].to_i
end
