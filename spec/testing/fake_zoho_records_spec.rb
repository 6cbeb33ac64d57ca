# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZoho, :fakes do
  let(:zoho) { described_class.new }
  let(:ana) { { "First_Name" => "Ana", "Last_Name" => "Ruiz", "Email" => "ana@example.com" } }
  let(:ticket) { { "Subject" => "Leak", "Status" => "New", "Case_Origin" => "Web" } }

  describe "insert" do
    it "keeps records and answers with their ids in the order of the request" do
      answer = insert("Contacts", ana, { "Last_Name" => "Solo" })

      expect(answer.status).to eq(201)
      expect(answer.items.map { |item| item["code"] }).to eq(%w[SUCCESS SUCCESS])
      expect(zoho.records("Contacts").map { |record| record["Last_Name"] }).to eq(%w[Ruiz Solo])
      expect(zoho.record("Contacts", answer.details["id"])).to include(ana)
      expect(answer.details.keys).to include("Created_Time", "Modified_Time", "Created_By", "Modified_By")
    end

    it "answers 207 when some records fail and keeps the good ones" do
      answer = insert("Contacts", ana, { "First_Name" => "No last name" })

      expect(answer.status).to eq(207)
      expect(answer.items[1]).to eq(
        "code" => "MANDATORY_NOT_FOUND", "message" => "required field not found", "status" => "error",
        "details" => { "api_name" => "Last_Name", "json_path" => "$.data[1].Last_Name" }
      )
      expect(zoho.records("Contacts").size).to eq(1)
    end

    it "answers 400 when all records fail" do
      expect(insert("Contacts", {}, {}).status).to eq(400)
    end

    it "refuses over-long values with the maximum length" do
      answer = insert("Contacts", ana.merge("First_Name" => "A" * 41))

      expect(answer.status).to eq(400)
      expect(answer.item).to include("code" => "INVALID_DATA", "message" => "invalid data")
      expect(answer.details).to eq("maximum_length" => 40, "api_name" => "First_Name",
                                   "json_path" => "$.data[0].First_Name")
    end

    it "counts characters, not bytes" do
      expect(insert("Contacts", ana.merge("First_Name" => "ñ" * 40)).status).to eq(201)
    end

    {
      "a number as text" => ["Phone", 42, "text"], "an object as text" => ["Last_Name", { "a" => 1 }, "text"],
      "no e-mail" => ["Email", "ana at example", "email"], "no date" => ["Date_of_Birth", "1.2.1990", "date"],
      "a string as boolean" => %w[Email_Opt_Out yes boolean],
      "a string as lookup" => %w[Account_Name 12 jsonobject], "a string as tags" => %w[Tag vip jsonarray]
    }.each do |what, (field, value, expected)|
      it "refuses #{what}" do
        answer = insert("Contacts", ana.merge(field => value))

        expect(answer.item["code"]).to eq("INVALID_DATA")
        expect(answer.details).to include("expected_data_type" => expected, "api_name" => field)
      end
    end

    it "takes nil for what is not mandatory" do
      expect(insert("Contacts", ana.merge("Email" => nil, "Phone" => nil)).status).to eq(201)
    end

    it "refuses a record that is no object" do
      expect(insert("Contacts",
                    "Ana").details).to include("expected_data_type" => "jsonobject", "json_path" => "$.data[0]")
    end

    it "asks a lead for its company" do
      expect(insert("Leads", { "Last_Name" => "Ruiz" }).details["api_name"]).to eq("Company")
    end

    it "ignores unknown fields, and tells" do
      answer = insert("Contacts", ana.merge("Favourite_Colour" => "red"))

      expect(answer.status).to eq(201)
      expect(zoho.record("Contacts", answer.details["id"])).not_to include("Favourite_Colour")
      expect(zoho.ignored_fields).to eq("Contacts" => ["Favourite_Colour"])
    end
  end

  describe "the frame of a write" do
    it "refuses more than 100 records" do
      answer = insert("Contacts", *([ana] * 101))

      expect(answer.status).to eq(400)
      expect(answer.item).to include("code" => "LIMIT_EXCEEDED")
      expect(answer.details["maximum_length"]).to eq(100)
      expect(zoho.records("Contacts")).to be_empty
    end

    it "takes 100 records" do
      expect(insert("Contacts", *([ana] * 100)).items.size).to eq(100)
    end

    it "refuses what is no JSON, in the root envelope" do
      answer = zoho_call("POST", "Contacts", "data=Ana")

      expect(answer.status).to eq(400)
      expect(answer.json).to include("code" => "INVALID_DATA", "details" => { "expected_data_type" => "jsonobject" })
    end

    it "refuses bytes that are no UTF-8" do
      expect(zoho_call("POST", "Contacts", "{\"data\":[{\"Last_Name\":\"\xFF\"}]}").status).to eq(400)
    end

    it "asks for data" do
      expect(zoho_call("POST", "Contacts", {}).json).to include("code" => "MANDATORY_NOT_FOUND")
      expect(zoho_call("POST", "Contacts", { data: [] }).json).to include("code" => "MANDATORY_NOT_FOUND")
    end

    it "asks for a list" do
      expect(zoho_call("POST", "Contacts",
                       { data: ana }).json["details"]).to include("expected_data_type" => "jsonarray")
    end

    it "refuses unknown keys beside data" do
      expect(zoho_call("POST", "Contacts",
                       { data: [ana], records: [] }).json["details"]).to include("api_name" => "records")
    end

    it "refuses unknown triggers and takes none" do
      expect(zoho_call("POST", "Contacts", { data: [ana], trigger: ["mail"] }).status).to eq(400)
      expect(zoho_call("POST", "Contacts", { data: [ana], trigger: [] }).status).to eq(201)
    end

    it "refuses unknown modules" do
      answer = insert("Kontakte", ana)

      expect(answer.status).to eq(400)
      expect(answer.item).to include("code" => "INVALID_MODULE")
    end

    it "refuses a module the edition does not have" do
      zoho.remove_module("Cases")
      expect(insert("Cases", ticket).item["code"]).to eq("INVALID_MODULE")
    end
  end

  describe "cases" do
    it "asks for subject, status and origin" do
      %w[Subject Status Case_Origin].each do |field|
        expect(insert("Cases", ticket.except(field)).details["api_name"]).to eq(field)
      end
    end

    it "knows the picklists" do
      answer = insert("Cases", ticket.merge("Priority" => "Highest"))

      expect(answer.item["code"]).to eq("INVALID_DATA")
      expect(answer.details["supported_values"]).to eq(%w[High Medium Low])
    end

    it "follows an administrator's edits" do
      zoho.change_field("Cases", "Status", values: ["Nuevo"])

      expect(insert("Cases", ticket).status).to eq(400)
      expect(insert("Cases", ticket.merge("Status" => "Nuevo")).status).to eq(201)
    end

    it "asks for an e-mail when it came by e-mail" do
      expect(insert("Cases", ticket.merge("Case_Origin" => "Email")).item["code"]).to eq("DEPENDENT_FIELD_MISSING")
    end

    it "refuses a contact that is not there" do
      answer = insert("Cases", ticket.merge("Related_To" => { "id" => "1" }))
      expect(answer.details).to include("json_path" => "$.data[0].Related_To.id")

      id = zoho.add_record("Contacts", ana)["id"]
      expect(insert("Cases", ticket.merge("Related_To" => { "id" => id })).status).to eq(201)
    end
  end

  it "refuses other methods, paths and versions" do
    expect(zoho_call("PATCH", "Contacts").json).to include("code" => "INVALID_REQUEST_METHOD")
    expect(zoho_call("GET", "Contacts/1/Notes/2").status).to eq(404)
    expect(zoho_call("GET", "Contacts/1/Deals").json).to include("code" => "INVALID_URL_PATTERN")
    expect(rack_call(zoho, "GET", "/crm/v2/Contacts").status).to eq(404)
  end
end
