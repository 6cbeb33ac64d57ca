# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZoho, :fakes do
  let(:zoho) { described_class.new }
  let(:ana) { { "First_Name" => "Ana", "Last_Name" => "Ruiz", "Email" => "ana@example.com" } }
  let(:lead) { ana.merge("Company" => "Ruiz SL") }

  it "inserts, then updates by e-mail whatever its case" do
    first = upsert("Contacts", ana, duplicate_check_fields: ["Email"])
    second = upsert("Contacts", { "Last_Name" => "Ruiz Gil", "Email" => "ANA@example.com" })

    expect([first.status, second.status]).to eq([200, 200])
    expect(first.item).to include("action" => "insert", "duplicate_field" => nil, "message" => "record added")
    expect(second.item).to include("action" => "update", "duplicate_field" => "Email", "message" => "record updated")
    expect(second.details["id"]).to eq(first.details["id"])
    expect(zoho.records("Contacts").first).to include("First_Name" => "Ana", "Last_Name" => "Ruiz Gil")
  end

  it "goes by the e-mail that a record has now, and by the oldest of several that are there" do
    twins = Array.new(2) { zoho.add_record("Contacts", ana)["id"] }
    met = -> { upsert("Contacts", ana, duplicate_check_fields: ["Email"]).details["id"] }
    expect(met.call).to eq(twins.first)

    zoho_call("PUT", "Contacts/#{twins.first}", { data: [{ "Email" => "new@example.com" }] })
    expect(met.call).to eq(twins.last)
    zoho.delete_record("Contacts", twins.last)
    expect(twins).not_to include(met.call)
    expect(upsert("Contacts", ana.merge("Email" => "NEW@example.com")).details["id"]).to eq(twins.first)
  end

  it "inserts every time without an e-mail" do
    2.times { upsert("Contacts", { "Last_Name" => "Ruiz" }, duplicate_check_fields: ["Email"]) }
    expect(zoho.records("Contacts").size).to eq(2)
  end

  it "updates within one batch" do
    upsert("Contacts", ana, ana.merge("Phone" => "1"))
    expect(zoho.records("Contacts").map { |record| record["Phone"] }).to eq(["1"])
  end

  it "merges cases of equal subject, which is why nobody should upsert them" do
    2.times do |n|
      upsert("Cases", { "Subject" => "Leak", "Status" => "New", "Case_Origin" => "Web", "Phone" => n.to_s })
    end
    expect(zoho.records("Cases").map { |record| record["Phone"] }).to eq(["1"])
  end

  it "is not for notes" do
    expect(upsert("Notes", { "Note_Title" => "x" }).item["code"]).to eq("INVALID_MODULE")
  end

  it "is a POST" do
    expect(zoho_call("PUT", "Contacts/upsert", { data: [ana] }).json).to include("code" => "INVALID_REQUEST_METHOD")
  end

  it "refuses fields that are neither the module's key nor unique" do
    answer = upsert("Contacts", ana, duplicate_check_fields: %w[Email Phone])

    expect(answer.status).to eq(400)
    expect(answer.details).to include("api_name" => "duplicate_check_fields", "supported_values" => ["Email"],
                                      "json_path" => "$.duplicate_check_fields[1]")
    expect(zoho.records("Contacts")).to be_empty
  end

  it "refuses duplicate_check_fields on a plain insert" do
    expect(zoho_call("POST", "Contacts", { data: [ana], duplicate_check_fields: ["Email"] }).status).to eq(400)
  end

  it "asks for mandatory fields when it inserts, not when it updates" do
    expect(upsert("Leads", ana).item["code"]).to eq("MANDATORY_NOT_FOUND")
    upsert("Leads", lead)
    expect(upsert("Leads",
                  { "Email" => "ana@example.com", "Last_Name" => "Gil", "Company" => "Gil SL" }).item["action"])
      .to eq("update")
  end

  describe "with a field marked as unique" do
    before { zoho.add_field("Contacts", "PWB_Ref", length: 50, unique: true) }

    it "compares it even when only another one is listed" do
      upsert("Contacts", ana.merge("PWB_Ref" => "c1"))
      answer = upsert("Contacts", { "Last_Name" => "Gil", "Email" => "gil@example.com", "PWB_Ref" => "c1" },
                      duplicate_check_fields: ["Email"])

      expect(answer.item).to include("action" => "update", "duplicate_field" => "PWB_Ref")
    end

    it "leaves the module's own key out when only the other is listed" do
      upsert("Contacts", ana)
      upsert("Contacts", ana.merge("PWB_Ref" => "c1"), duplicate_check_fields: ["PWB_Ref"])

      expect(zoho.records("Contacts").size).to eq(2)
    end

    it "refuses an insert that would double it, naming the holder" do
      holder = insert("Contacts", ana.merge("PWB_Ref" => "c1")).details["id"]
      answer = insert("Contacts", ana.merge("PWB_Ref" => "C1"))

      expect(answer.item).to include("code" => "DUPLICATE_DATA", "message" => "duplicate data")
      expect(answer.details).to include("id" => holder, "api_name" => "PWB_Ref")
      expect(answer.details["duplicate_record"]).to include("id" => holder)
    end

    it "refuses an update that would double it" do
      insert("Contacts", ana.merge("PWB_Ref" => "c1"))
      other = insert("Contacts", { "Last_Name" => "Gil" }).details["id"]
      answer = zoho_call("PUT", "Contacts/#{other}", { data: [{ "PWB_Ref" => "c1" }] })

      expect(answer.item["code"]).to eq("DUPLICATE_DATA")
    end

    it "lets a record keep its own value" do
      id = insert("Contacts", ana.merge("PWB_Ref" => "c1")).details["id"]
      expect(zoho_call("PUT", "Contacts/#{id}", { data: [{ "PWB_Ref" => "c1" }] }).status).to eq(200)
    end
  end
end
