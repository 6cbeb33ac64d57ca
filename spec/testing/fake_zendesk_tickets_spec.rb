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

  def update(id, **ticket)
    zendesk_call("PUT", "tickets/#{id}", { ticket: })
  end

  def error_of(answer)
    [answer.status, answer.json["details"]&.keys&.first]
  end

  describe "create" do
    it "keeps the ticket and its first comment" do
      answer = create(ticket.merge(custom_fields: [{ id: 9, value: "R1" }], priority: "high"))
      id = answer.json["ticket"]["id"]

      expect(answer.status).to eq(201)
      expect(answer.headers["location"]).to eq("/api/v2/tickets/#{id}.json")
      expect(answer.json["audit"]).to include("ticket_id" => id)
      expect(zendesk.ticket(id)).to include("status" => "new", "requester_id" => user_id, "priority" => "high",
                                            "description" => "Is it free?",
                                            "custom_fields" => [{ "id" => 9, "value" => "R1" }])
      expect(zendesk.comments(id)).to match([a_hash_including("body" => "Is it free?", "public" => true)])
    end

    it "asks for a description" do
      [ticket.except(:comment), ticket.merge(comment: {}), ticket.merge(comment: { body: " " })].each do |bare|
        expect(create(bare).json["details"]["base"]).to eq([{ "description" => "Description: cannot be blank",
                                                              "error" => "BlankValue" }])
      end
      expect(create(ticket.merge(comment: "text")).status).to eq(422)
      expect(create(ticket.except(:comment).merge(description: "Old style")).status).to eq(201)
    end

    { priority: "Highest", status: "closed", type: "wish", tags: ["a*b"], comment: { body: "x" * 65_537 },
      subject: "S" * 151, external_id: "x" * 256 }.each do |field, value|
      it "refuses #{field} #{value.to_s[0, 20]}" do
        expect(error_of(create(ticket.merge(field => value)))).to eq([422, field.to_s])
        expect(zendesk.tickets).to be_empty
      end
    end

    it "refuses custom fields of another shape" do
      [{ "9" => "R1" }, [{ id: "nine", value: 1 }], ["R1"]].each do |wrong|
        expect(create(ticket.merge(custom_fields: wrong)).status).to eq(400)
      end
    end

    it "knows hold only when it is switched on" do
      expect(create(ticket.merge(status: "hold")).status).to eq(201)
      strict = described_class.new(on_hold: false)
      body = { ticket: { comment: { body: "x" }, status: "hold" } }
      headers = { "Authorization" => "Bearer zendesk-token" }
      answer = rack_call(strict, "POST", "/api/v2/tickets", body:, headers:)
      expect(error_of(answer)).to eq([422, "status"])
    end

    it "splits and lowers tags" do
      create(ticket.merge(tags: ["Costa Blanca", "vip", "VIP"]))
      expect(zendesk.tickets.first["tags"]).to eq(%w[costa blanca vip])
    end

    it "refuses tags that are no words" do
      expect(error_of(create(ticket.merge(tags: [1])))).to eq([422, "tags"])
      expect(error_of(create(ticket.merge(tags: { a: 1 })))).to eq([422, "tags"])
    end

    it "gives a ticket that is solved from the start to the agent" do
      expect(create(ticket.merge(status: "solved")).json["ticket"]["assignee_id"]).to be_an(Integer)
    end

    it "does not mind equal external ids, and lists by them" do
      2.times { create(ticket) }
      create(ticket.merge(external_id: "other"))
      answer = zendesk_call("GET", "tickets?external_id=pwb:1:message:3")

      expect(answer.json["tickets"].size).to eq(2)
      expect(answer.json["count"]).to eq(2)
      expect(zendesk_call("GET", "tickets?external_id=nope").json["tickets"]).to eq([])
      expect(zendesk_call("GET", "tickets?per_page=2&page=2").json["tickets"].size).to eq(1)
    end
  end

  describe "the requester" do
    it "may be an unknown person with name and e-mail, or a known e-mail" do
      known = create(ticket.except(:requester_id).merge(requester: { email: "ana@example.com" })) if user_id
      fresh = create(ticket.except(:requester_id).merge(requester: { name: "Bea", email: "bea@example.com" }))

      expect(known.json["ticket"]["requester_id"]).to eq(user_id)
      expect(zendesk.users.last).to include("id" => fresh.json["ticket"]["requester_id"], "external_id" => nil)
    end

    [{}, nil, "ana", { name: "", email: "x@example.com" }, { name: "Bea", email: "" }, { email: "x@example.com" }]
      .each do |empty|
        it "must not be #{empty.inspect}" do
          expect(error_of(create(ticket.except(:requester_id).merge(requester: empty)))).to eq([422, "requester"])
          expect(zendesk.tickets).to be_empty
        end
      end

    [nil, "", 1, "abc"].each do |id|
      it "must not have the id #{id.inspect}" do
        expect(error_of(create(ticket.merge(requester_id: id)))).to eq([422, "requester"])
      end
    end

    it "may have its id as text" do
      expect(create(ticket.merge(requester_id: user_id.to_s)).json["ticket"]["requester_id"]).to eq(user_id)
    end

    it "must not be given twice" do
      expect(error_of(create(ticket.merge(requester: { email: "ana@example.com" })))).to eq([422, "base"])
    end

    it "must not be deleted" do
      zendesk.delete_user(user_id)
      expect(error_of(create(ticket))).to eq([422, "requester"])
    end

    it "is the agent when nobody is named" do
      expect(create(ticket.except(:requester_id)).json["ticket"]["requester_id"])
        .to eq(zendesk_call("GET", "users/me").json["user"]["id"])
    end
  end

  describe "update" do
    let(:id) { create(ticket).json["ticket"]["id"] }

    it "changes fields and keeps the description" do
      answer = update(id, subject: "New subject", status: "open", description: "Other")

      expect(answer.status).to eq(200)
      expect(zendesk.ticket(id)).to include("subject" => "New subject", "status" => "open",
                                            "description" => "Is it free?")
      expect(zendesk.comments(id).size).to eq(1)
    end

    it "adds comments, public unless told otherwise" do
      update(id, comment: { body: "Public" })
      update(id, comment: { body: "Note", public: false })

      expect(zendesk.comments(id).map { |comment| [comment["body"], comment["public"]] })
        .to eq([["Is it free?", true], ["Public", true], ["Note", false]])
      answer = zendesk_call("GET", "tickets/#{id}/comments?sort=-created_at")
      expect(answer.json["comments"].map { |comment| comment["body"] }).to eq(["Note", "Public", "Is it free?"])
    end

    it "is an audit, with the metadata it was given" do
      audit = update(id, comment: { body: "Public" }, metadata: { mark: "a" }).json["audit"]
      expect(audit).to include("metadata" => { "system" => {}, "custom" => { "mark" => "a" } })
      agents = zendesk.add_comment(id, "body" => "Note", "public" => false)

      audits = zendesk_call("GET", "tickets/#{id}/audits?sort_order=desc").json["audits"]
      expect(audits[1]).to eq(audit)
      expect(audits.map { |one| one["events"].first["body"] }).to eq(["Note", "Public", "Is it free?"])
      expect(audits[0]["events"].first).to include("id" => agents["id"], "public" => false)
    end

    it "refuses an empty comment" do
      expect(update(id, comment: { body: "" }).status).to eq(422)
    end

    it "replaces tags, or adds and removes" do
      update(id, tags: %w[a b])
      update(id, additional_tags: ["c"], remove_tags: ["a"])

      expect(zendesk.ticket(id)["tags"]).to eq(%w[b c])
    end

    it "merges custom fields by id" do
      update(id, custom_fields: [{ id: 1, value: "a" }, { id: 2, value: "b" }])
      update(id, custom_fields: [{ id: 1, value: "c" }])

      expect(zendesk.ticket(id)["custom_fields"]).to eq([{ "id" => 1, "value" => "c" }, { "id" => 2, "value" => "b" }])
    end

    it "refuses any change of a closed ticket" do
      zendesk.change_ticket(id, "status" => "closed")
      answer = update(id, comment: { body: "Hello?", public: false })

      expect(answer.status).to eq(422)
      expect(answer.json["details"]["status"].first["description"]).to eq("Status: closed prevents ticket update")
      expect(zendesk.comments(id).size).to eq(1)
    end

    it "never goes back to new" do
      expect(update(id, status: "new").status).to eq(200)
      update(id, status: "pending")
      expect(error_of(update(id, status: "new"))).to eq([422, "status"])
    end

    it "refuses unknown values" do
      expect(error_of(update(id, priority: "asap"))).to eq([422, "priority"])
    end

    it "honours safe_update" do
      stamp = zendesk.ticket(id)["updated_at"]
      clock.advance(5)
      update(id, subject: "Somebody else")

      stale = update(id, subject: "Mine", safe_update: true, updated_stamp: stamp)
      expect([stale.status, stale.json["error"]]).to eq([409, "UpdateConflict"])
      fresh = update(id, subject: "Mine", safe_update: "true", updated_stamp: zendesk.ticket(id)["updated_at"])
      expect(fresh.status).to eq(200)
    end
  end

  describe "delete" do
    it "hides the ticket" do
      id = create(ticket).json["ticket"]["id"]

      expect(zendesk_call("DELETE", "tickets/#{id}").status).to eq(204)
      expect(zendesk.ticket(id)).to be_nil
      [zendesk_call("GET", "tickets/#{id}"), update(id, subject: "x"), zendesk_call("DELETE", "tickets/#{id}"),
       zendesk_call("GET", "tickets/#{id}/comments")].each do |answer|
        expect([answer.status, answer.json["error"]]).to eq([404, "RecordNotFound"])
      end
      expect(zendesk_call("GET", "tickets?external_id=pwb:1:message:3").json["tickets"]).to be_empty
    end
  end

  it "says so when a spec changes a ticket that is not there" do
    expect { zendesk.change_ticket(1, {}) }.to raise_error(PwbCrm::Testing::UsageError, /no ticket 1/)
  end
end
