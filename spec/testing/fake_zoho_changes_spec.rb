# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZoho, :fakes do
  let(:zoho) { described_class.new }
  let(:ana) { { "First_Name" => "Ana", "Last_Name" => "Ruiz", "Email" => "ana@example.com" } }

  describe "update" do
    let(:id) { insert("Contacts", ana).details["id"] }

    it "changes only what was sent" do
      answer = zoho_call("PUT", "Contacts/#{id}", { data: [{ "Phone" => "+34 600" }] })

      expect(answer.status).to eq(200)
      expect(answer.item).to include("code" => "SUCCESS", "message" => "record updated")
      expect(zoho.record("Contacts", id)).to include(ana.merge("Phone" => "+34 600"))
    end

    it "moves Modified_Time, not Created_Time" do
      clock = PwbCrm::Testing::Clock.new(Time.utc(2026, 1, 1))
      zoho = described_class.new(clock:)
      id = zoho.add_record("Contacts", ana)["id"]
      clock.advance(60)
      rack_call(zoho, "PUT", "/crm/v8/Contacts/#{id}", body: { data: [{ "Phone" => "1" }] },
                                                       headers: { "Authorization" => "Zoho-oauthtoken zoho-token" })

      expect(zoho.record("Contacts", id)).to include("Created_Time" => "2026-01-01T00:00:00+00:00",
                                                     "Modified_Time" => "2026-01-01T00:01:00+00:00")
    end

    it "refuses to blank a mandatory field" do
      expect(zoho_call("PUT", "Contacts/#{id}",
                       { data: [{ "Last_Name" => nil }] }).item["code"]).to eq("MANDATORY_NOT_FOUND")
    end

    it "refuses an id that is gone" do
      zoho.delete_record("Contacts", id)
      answer = zoho_call("PUT", "Contacts/#{id}", { data: [{ "Phone" => "1" }] })

      expect(answer.status).to eq(400)
      expect(answer.item).to include("code" => "INVALID_DATA", "message" => "the id given seems to be invalid",
                                     "details" => { "resource_path_index" => 1 })
    end

    it "refuses an id that is none" do
      expect(zoho_call("PUT", "Contacts/abc", { data: [ana] }).json).to include("code" => "INVALID_DATA")
    end

    it "updates many, each by its id" do
      answer = zoho_call("PUT", "Contacts", { data: [{ "id" => id, "Phone" => "1" }, { "id" => "9", "Phone" => "2" }] })

      expect(answer.status).to eq(207)
      expect(answer.items[1]["details"]).to eq("api_name" => "id", "json_path" => "$.data[1].id")
    end

    it "honours If-Unmodified-Since" do
      answer = zoho_call("PUT", "Contacts/#{id}", { data: [{ "Phone" => "1" }] },
                         headers: { "If-Unmodified-Since" => (Time.now - 3600).utc.iso8601 })

      expect(answer.status).to eq(412)
      expect(answer.item["code"]).to eq("ALREADY_MODIFIED")
    end
  end

  describe "delete" do
    let(:id) { insert("Contacts", ana).details["id"] }

    it "deletes once" do
      expect(zoho_call("DELETE", "Contacts/#{id}").item).to include("message" => "record deleted")
      again = zoho_call("DELETE", "Contacts/#{id}")

      expect(again.status).to eq(400)
      expect(again.json).to include("code" => "INVALID_DATA", "message" => "record not deleted")
    end

    it "deletes many and answers one by one" do
      answer = zoho_call("DELETE", "Contacts?ids=#{id},99")

      expect(answer.status).to eq(207)
      expect(answer.items.map { |item| item["code"] }).to eq(%w[SUCCESS INVALID_DATA])
      expect(zoho.records("Contacts")).to be_empty
    end

    it "asks for ids" do
      expect(zoho_call("DELETE", "Contacts").json).to include("code" => "REQUIRED_PARAM_MISSING")
    end
  end
end
