# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZendesk, :fakes do
  let(:clock) { PwbCrm::Testing::Clock.new(Time.utc(2026, 1, 1)) }
  let(:zendesk) { described_class.new(clock:) }
  let(:user_id) { zendesk.add_user("name" => "Ana", "email" => "ana@example.com")["id"] }
  let(:ticket) do
    { subject: "Inquiry", comment: { body: "Is it free?" }, requester_id: user_id, tags: ["property_inquiry"],
      external_id: "pwb:1:message:3" }
  end

  def create(ticket)
    zendesk_call("POST", "tickets", { ticket: })
  end

  describe "Idempotency-Key" do
    def keyed(key, body = { ticket: })
      zendesk_call("POST", "tickets", body, headers: { "Idempotency-Key" => key })
    end

    it "repeats the first reply" do
      first = keyed("k1")
      second = keyed("k1")

      expect([first, second].map { |answer| answer.headers["x-idempotency-lookup"] }).to eq(%w[miss hit])
      expect(second.json).to eq(first.json)
      expect(second.status).to eq(201)
      expect(zendesk.tickets.size).to eq(1)
    end

    it "refuses the key with another body" do
      keyed("k1")
      answer = keyed("k1", { ticket: ticket.merge(subject: "Other") })

      expect([answer.status, answer.json["error"]]).to eq([400, "IdempotentRequestError"])
      expect(zendesk.tickets.size).to eq(1)
    end

    it "forgets after two hours" do
      zendesk
      keyed("k1")
      clock.advance(7199)
      expect(keyed("k1").headers["x-idempotency-lookup"]).to eq("hit")
      clock.advance(1)

      expect(keyed("k1").headers["x-idempotency-lookup"]).to eq("miss")
      expect(zendesk.tickets.size).to eq(2)
    end

    it "does not keep refusals, and takes 255 characters" do
      expect(keyed("k1", { ticket: ticket.except(:comment) }).status).to eq(422)
      expect(keyed("k1").status).to eq(201)
      expect(keyed("k" * 255).status).to eq(201)
      expect(keyed("k" * 256).json["error"]).to eq("IdempotentRequestError")
    end

    it "is no matter for other calls, and creates without a key each time" do
      answer = zendesk_call("PUT", "tickets/#{keyed("k1").json["ticket"]["id"]}", { ticket: { subject: "x" } },
                            headers: { "Idempotency-Key" => "k1" })
      expect(answer.status).to eq(200)
      expect(create(ticket).headers).not_to include("x-idempotency-lookup")
    end
  end
end
