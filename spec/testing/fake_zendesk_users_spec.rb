# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZendesk, :fakes do
  let(:zendesk) { described_class.new }
  let(:ana) { { name: "Ana Ruiz", email: "ana@example.com", external_id: "pwb:1:contact:7", skip_verify_email: true } }

  def create_or_update(user)
    zendesk_call("POST", "users/create_or_update", { user: })
  end

  describe "create_or_update" do
    it "creates with 201 and a location, then updates with 200" do
      first = create_or_update(ana)
      second = create_or_update(ana.merge(phone: "+34 600"))

      expect([first.status, second.status]).to eq([201, 200])
      expect(first.headers["location"]).to eq("/api/v2/users/#{first.json["user"]["id"]}.json")
      expect(first.json["user"]).to include("role" => "end-user", "external_id" => "pwb:1:contact:7")
      expect(zendesk.users).to match([a_hash_including("phone" => "+34 600", "email" => "ana@example.com")])
    end

    it "matches by e-mail alone, whatever its case, and takes the external_id over" do
      create_or_update(ana.except(:external_id))
      answer = create_or_update(ana.merge(email: "ANA@Example.com"))

      expect(answer.status).to eq(200)
      expect(zendesk.users.map { |user| user["external_id"] }).to eq(["pwb:1:contact:7"])
    end

    it "matches by external_id whatever its case, and rewrites it" do
      create_or_update(ana)
      answer = create_or_update(name: "Ana", external_id: "PWB:1:Contact:7")

      expect(answer.status).to eq(200)
      expect(zendesk.users.first).to include("external_id" => "PWB:1:Contact:7", "email" => "ana@example.com")
    end

    it "matches nobody by an empty external_id" do
      2.times { |n| create_or_update(name: "Ana", email: "ana#{n}@example.com", external_id: "") }
      expect(zendesk.users.size).to eq(2)
    end

    it "does without an e-mail" do
      2.times { create_or_update(ana.except(:email)) }
      expect(zendesk.users.map { |user| user["email"] }).to eq([nil])
    end

    it "adds another e-mail as second identity and keeps the primary one" do
      create_or_update(ana)
      create_or_update(ana.merge(email: "ana@work.example"))

      expect(zendesk.users.first).to include("email" => "ana@example.com",
                                             "identities" => ["ana@example.com", "ana@work.example"])
      expect(create_or_update(name: "Ana", email: "ana@work.example").status).to eq(200)
    end

    it "refuses the e-mail of one user with the external_id of another" do
      create_or_update(ana)
      create_or_update(name: "Bea", email: "bea@example.com", external_id: "pwb:1:contact:8")
      answer = create_or_update(ana.merge(external_id: "pwb:1:contact:8"))

      expect(answer.status).to eq(422)
      expect(answer.json).to include("error" => "RecordInvalid", "description" => "Record validation errors")
      expect(answer.json["details"]["email"]).to match([a_hash_including("error" => "DuplicateValue")])
    end

    [nil, "", "   ", 7].each do |name|
      it "refuses the name #{name.inspect}" do
        answer = create_or_update(ana.merge(name:))

        expect(answer.status).to eq(422)
        expect(answer.json["details"]["name"].first["error"]).to eq("ValueTooShort")
        expect(zendesk.users).to be_empty
      end
    end

    it "needs no name to update" do
      create_or_update(ana)
      expect(create_or_update(ana.except(:name).merge(phone: "1")).status).to eq(200)
    end

    it "refuses what is no e-mail, and over-long values" do
      expect(create_or_update(ana.merge(email: "ana at home")).json["details"]).to include("email")
      expect(create_or_update(ana.merge(name: "A" * 256)).json["details"]["name"].first["error"]).to eq("ValueTooLong")
      expect(create_or_update(ana.merge(external_id: "x" * 256)).status).to eq(422)
    end

    it "mails nobody as long as skip_verify_email is sent" do
      create_or_update(ana)
      create_or_update(name: "Bea", email: "bea@example.com")

      expect(zendesk.verification_mails).to eq(["bea@example.com"])
    end

    it "updates an agent that has the e-mail, which is why one should look first" do
      zendesk.add_user("name" => "Agent", "email" => "ana@example.com", "role" => "agent")

      expect(create_or_update(ana).json["user"]).to include("role" => "agent", "name" => "Ana Ruiz")
      expect(zendesk.users).to be_empty
    end
  end

  describe "the body" do
    it "must be a JSON object with a user object in it" do
      [{}, { user: nil }, { user: [] }, { users: {} }].each do |body|
        answer = zendesk_call("POST", "users/create_or_update", body)
        expect([answer.status, answer.json["error"]]).to eq([400, "ParameterMissing"])
      end
      expect(zendesk_call("POST", "users/create_or_update", "{").json["error"]).to eq("InvalidJSON")
    end

    it "must come as application/json" do
      answer = zendesk_call("POST", "users/create_or_update", { user: ana },
                            headers: { "Content-Type" => "text/plain" })
      expect(answer.json).to include("error" => "ParameterMissing", "description" => /content type/)
    end
  end

  describe "one user" do
    let(:id) { create_or_update(ana).json["user"]["id"] }

    it "is read, updated and deleted" do
      expect(zendesk_call("GET", "users/#{id}").json["user"]).to include("name" => "Ana Ruiz")
      expect(zendesk_call("PUT", "users/#{id}.json", { user: { name: "Ana R." } }).json["user"]["name"]).to eq("Ana R.")
      expect(zendesk_call("DELETE", "users/#{id}").status).to eq(200)
      expect(zendesk_call("GET", "users/#{id}").json["error"]).to eq("RecordNotFound")
      expect(zendesk_call("PUT", "users/#{id}", { user: { name: "x" } }).status).to eq(404)
    end

    it "cannot take the e-mail or external_id of another" do
      create_or_update(name: "Bea", email: "bea@example.com", external_id: "b")

      expect(zendesk_call("PUT", "users/#{id}", { user: { email: "bea@example.com" } }).status).to eq(422)
      expect(zendesk_call("PUT", "users/#{id}",
                          { user: { external_id: "B" } }).json["details"]).to include("external_id")
      expect(zendesk_call("PUT", "users/#{id}", { user: { external_id: "pwb:1:contact:7" } }).status).to eq(200)
    end

    it "makes room for another when deleted" do
      zendesk.delete_user(id)
      expect(create_or_update(ana).status).to eq(201)
    end

    it "does not exist under a name" do
      expect(zendesk_call("GET", "users/ana").status).to eq(404)
      expect(zendesk_call("PATCH", "users/#{id}").status).to eq(404)
    end
  end

  it "creates with POST users, and refuses a known e-mail there" do
    expect(zendesk_call("POST", "users", { user: ana }).status).to eq(201)
    expect(zendesk_call("POST", "users", { user: ana.except(:external_id) }).json["details"]).to include("email")
  end

  it "searches by external_id and by text" do
    create_or_update(ana)
    find = ->(query) { zendesk_call("GET", "users/search?#{query}").json["users"].map { |user| user["name"] } }

    expect(find["external_id=PWB:1:contact:7"]).to eq(["Ana Ruiz"])
    expect(find["external_id=pwb:1"]).to eq([])
    expect(find["query=email:ana@example.com"]).to eq(["Ana Ruiz"])
    expect(find["query=ruiz"]).to eq(["Ana Ruiz"])
    expect(zendesk_call("GET", "users/search").status).to eq(400)
  end

  it "says who is calling" do
    expect(zendesk_call("GET", "users/me").json["user"]).to include("role" => "admin")
  end

  it "says so when a spec deletes a user that is not there" do
    expect { zendesk.delete_user(1) }.to raise_error(PwbCrm::Testing::UsageError, /no user 1/)
  end
end
