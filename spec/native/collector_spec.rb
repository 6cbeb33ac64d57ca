# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "The garbage collector", :native do
  # Everything that makes Ruby objects in Rust, once. In a Ruby of its own: its heap is small enough to be collected
  # at every allocation, and other extensions do not all survive that their objects move.
  everything = <<~'RUBY'
    everything = lambda do
      contact = { id: 7, first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" }
      full = work.merge(
        record: { kind: "message", id: 1, text: "hi", contact:, property: {} }, website: { id: 1 },
        link: { external_type: "event", external_id: "e", shadow: { data: "x" }, mapping_version: "1" }
      )
      secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      signer = PwbCrm::WebhookSigner.new(secret)
      unreachable = PwbCrm::WebhookClient.new(url: "http://127.0.0.1:1", secrets: secret)
      outcomes = client.sync([full, work]) + unreachable.sync([full])
      refused = (PwbCrm::ZohoClient.new(access_token: "t", api_domain: "evil.example") rescue $!.message)
      [outcomes.map { |one| [one.action, one.error.class, one.calls.map(&:path)] }, refused,
       signer.verify!("x", signer.sign("x", id: "m", timestamp: Time.now)), PwbCrm::Payload.zoho_contact(contact)]
    end
    calm = everything.call
  RUBY

  it "may run at every allocation" do
    out, = ruby_with_client("", <<~RUBY)
      #{everything}
      GC.stress = true
      same = everything.call == calm
      GC.stress = false
      print same, calm.dig(0, 0, 0)
    RUBY
    expect(out).to eq("trueupdated")
  end

  it "may move everything at any time" do
    out, = ruby_with_client("", <<~RUBY)
      #{everything}
      GC.auto_compact = true
      print Array.new(50) { everything.call.tap { GC.start } == calm }.uniq
    RUBY
    expect(out).to eq("[true]")
  end

  it "may move everything, with references verified" do
    out, = ruby_with_client("", <<~RUBY)
      #{everything}
      signer = PwbCrm::WebhookSigner.new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
      GC.verify_compaction_references(expand_heap: true, toward: :empty)
      print [client.sync([work]).first.action, signer.sign("x", id: "m", timestamp: 1)["webhook-id"], everything.call == calm]
    RUBY
    expect(out).to eq('[:created, "m", true]')
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
