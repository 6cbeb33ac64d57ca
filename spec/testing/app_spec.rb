# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing, :fakes do
  let(:zoho) { described_class::FakeZoho.new }
  let(:zendesk) { described_class::FakeZendesk.new }
  let(:ana) { { "Last_Name" => "Ruiz" } }

  describe "remembered requests" do
    it "hold method, host, path, query, headers, body and status" do
      zoho_call("POST", "Contacts?x=1", { data: [ana] })

      expect(zoho.requests.last).to have_attributes(
        method: "POST", host: "example.org", path: "/crm/v8/Contacts", query: { "x" => "1" },
        body: { "data" => [ana] }, status: 201, headers: a_hash_including("content-type" => "application/json")
      )
      expect(zoho.requests.map(&:to_s)).to eq(["POST /crm/v8/Contacts"])
    end

    it "hold no credentials" do
      zoho_call("GET", "Contacts/1")
      form_call(zoho, "/oauth/v2/token", client_id: "id", client_secret: "s3cret-a", refresh_token: "s3cret-b")
      rack_call(zoho, "POST", "/oauth/v2/token?client_secret=s3cret-c")
      everything = zoho.requests.flat_map { |it| [it.headers, it.query, it.body, it.inspect] }.inspect

      expect(everything).to include("[FILTERED]").and include('"client_id"=>"id"')
      expect(everything).not_to match(/s3cret|zoho-token/)
    end

    it "hold what is no JSON as text" do
      zoho_call("POST", "Contacts", "ñandú <")
      expect(zoho.requests.last.body).to eq("ñandú <")
    end

    it "say nothing of what is inside when inspected" do
      zoho_call("POST", "Contacts", { data: [ana] })
      expect(zoho.requests.last.inspect).to eq("#<PwbCrm::Testing::RecordedRequest POST /crm/v8/Contacts -> 201>")
      expect(zoho.inspect).to eq("#<PwbCrm::Testing::FakeZoho 1 requests>")
    end
  end

  it "cannot be changed through what it shows" do
    id = insert("Contacts", ana).details["id"]
    zoho.records("Contacts").first["Last_Name"] << "!"
    zoho.record("Contacts", id).clear

    expect(zoho.record("Contacts", id)["Last_Name"]).to eq("Ruiz")
  end

  describe ".reset!" do
    it "brings every fake back to its first state" do
      insert("Contacts", ana)
      zoho.revoke_token!.fail_next(status: 500).close_scope("Leads").remove_module("Cases")
      zendesk.add_ticket("subject" => "x")
      described_class.reset!

      expect(zoho.requests).to be_empty
      expect(zoho.records("Contacts")).to be_empty
      expect(zoho.failures_left).to eq(0)
      expect(zoho_call("GET", "Contacts/1", token: "zoho-token").status).to eq(204)
      expect(zoho_call("GET", "Cases?fields=id").status).to eq(204)
      expect(zendesk.tickets).to be_empty
    end

    it "runs what was registered" do
      ran = []
      described_class.on_reset { ran << :engine }
      described_class.reset!

      expect(ran).to eq([:engine])
    end

    it "does not keep fakes alive" do
      expect(described_class.instance_variable_get(:@apps)).to be_a(ObjectSpace::WeakMap)
    end
  end

  it "forgets requests and deliveries on demand, and nothing that was made" do
    upsert("Contacts", { "Last_Name" => "x", "Email" => "a@example.com" })
    zoho.forget!
    receiver = PwbCrm::Testing::FakeReceiver.new(secrets: "whsec_#{["0123456789abcdef" * 2].pack("m0")}").forget!

    expect(zoho.requests).to be_empty
    expect(zoho.records("Contacts").size).to eq(1)
    expect([receiver.requests, receiver.deliveries]).to eq([[], []])
  end

  it "serves many threads at once" do
    threads = Array.new(8) do |n|
      Thread.new do
        20.times do |m|
          upsert("Contacts", { "Last_Name" => "x", "Email" => "a#{(n + m) % 10}@example.com" })
        end
      end
    end
    threads.each(&:join)

    expect(zoho.records("Contacts").size).to eq(10)
    expect(zoho.requests.map(&:status)).to eq([200] * 160)
  end

  describe PwbCrm::Testing::Clock do
    it "moves only when told" do
      clock = described_class.new(Time.utc(2026, 1, 1))

      expect(clock.now).to eq(Time.utc(2026, 1, 1))
      expect(clock.advance(90)).to eq(Time.utc(2026, 1, 1, 0, 1, 30))
      expect(clock.call).to eq(Time.utc(2026, 1, 1, 0, 1, 30))
    end
  end
end
