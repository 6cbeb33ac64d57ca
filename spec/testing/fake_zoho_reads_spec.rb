# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZoho, :fakes do
  let(:clock) { PwbCrm::Testing::Clock.new(Time.utc(2026, 1, 1)) }
  let(:zoho) { described_class.new(clock:) }

  def add(name, **more)
    clock.advance(1)
    zoho.add_record("Contacts", { "Last_Name" => name, **more.transform_keys(&:to_s) })["id"]
  end

  describe "a record" do
    it "is there, or 204" do
      id = add("Ruiz")

      expect(zoho_call("GET", "Contacts/#{id}").item).to include("Last_Name" => "Ruiz")
      expect(zoho_call("GET", "Contacts/1").status).to eq(204)
    end
  end

  describe "a list" do
    before { %w[Alba Bosch Cano].each { |name| add(name) } }

    it "shows the asked fields, the newest first" do
      answer = zoho_call("GET", "Contacts?fields=Last_Name&sort_by=Created_Time&sort_order=desc&per_page=2")

      expect(answer.items.map { |item| item["Last_Name"] }).to eq(%w[Cano Bosch])
      expect(answer.json["info"]).to include("count" => 2, "more_records" => true)
      expect(zoho_call("GET", "Contacts?fields=Last_Name&per_page=2&page=2").items.map { |item| item["Last_Name"] })
        .to eq(%w[Alba])
    end

    it "sorts the other way, and by Modified_Time" do
      clock.advance(1)
      id = zoho.records("Contacts").first["id"]
      zoho_call("PUT", "Contacts/#{id}", { data: [{ "Phone" => "1" }] })

      expect(zoho_call("GET", "Contacts?fields=Last_Name&sort_order=asc").item["Last_Name"]).to eq("Alba")
      expect(zoho_call("GET", "Contacts?fields=Last_Name&sort_by=Modified_Time").item["Last_Name"]).to eq("Alba")
    end

    it "picks by ids" do
      ids = zoho.records("Contacts").first(2).map { |record| record["id"] }
      expect(zoho_call("GET", "Contacts?fields=id&ids=#{ids.join(",")}").items.size).to eq(2)
    end

    it "asks for fields, at most 50" do
      missing = zoho_call("GET", "Contacts")
      many = zoho_call("GET", "Contacts?fields=#{(["Email"] * 51).join(",")}")

      expect([missing.status, missing.json["details"]]).to eq([400, { "param_name" => "fields" }])
      expect(many.json).to include("code" => "LIMIT_EXCEEDED", "details" => { "limit" => 50, "param_name" => "fields" })
    end

    ["per_page=201", "per_page=0", "per_page=x", "page=0", "sort_by=Last_Name", "sort_order=up"].each do |wrong|
      it "refuses #{wrong}" do
        answer = zoho_call("GET", "Contacts?fields=id&#{wrong}")
        expect([answer.status, answer.json["details"]]).to eq([400, { "param_name" => wrong.split("=").first }])
      end
    end

    it "ends at 2,000 rows" do
      expect(zoho_call("GET", "Contacts?fields=id&page=11").json["code"]).to eq("DISCRETE_PAGINATION_LIMIT_EXCEEDED")
    end
  end

  it "answers 204 for an empty list and refuses unknown modules in the root envelope" do
    expect(zoho_call("GET", "Leads?fields=id").status).to eq(204)
    expect(zoho_call("GET", "Kontakte?fields=id").json).to include("code" => "INVALID_MODULE")
  end

  describe "search" do
    before do
      add("Ruiz", Email: "ana@example.com", Phone: "+34 600", First_Name: "Ana")
      add("Burns,B", Secondary_Email: "bea@example.com")
    end

    def names(query)
      answer = zoho_call("GET", "Contacts/search?#{query}")
      answer.status == 204 ? [] : answer.items.map { |item| item["Last_Name"] }
    end

    it "finds by any e-mail field, phone and word" do
      expect(names("email=ana@example.com")).to eq(["Ruiz"])
      expect(names("email=bea@example.com")).to eq(["Burns,B"])
      expect(names("phone=600")).to eq(["Ruiz"])
      expect(names("word=ruiz")).to eq(["Ruiz"])
      expect(names("word=nobody")).to eq([])
    end

    it "finds by criteria, where equals means contains" do
      expect(names("criteria=(Last_Name:equals:rui)")).to eq(["Ruiz"])
      expect(names("criteria=((Last_Name:starts_with:Ru)and(First_Name:equals:Ana))")).to eq(["Ruiz"])
      expect(names("criteria=((Last_Name:equals:Ruiz)or(Last_Name:equals:Burns))").size).to eq(2)
      expect(names("criteria=(Last_Name:equals:Burns%5C%2CB)")).to eq(["Burns,B"])
    end

    it "refuses no, broken, mixed and over-long criteria" do
      long = "(#{(["(Last_Name:equals:a)"] * 11).join("or")})"

      expect(zoho_call("GET", "Contacts/search").json["code"]).to eq("REQUIRED_PARAM_MISSING")
      ["Last_Name=a", "(Nope:equals:a)", "(Last_Name:like:a)"].each do |broken|
        expect(zoho_call("GET", "Contacts/search?criteria=#{broken}").json["code"]).to eq("INVALID_QUERY")
      end
      expect(zoho_call("GET", "Contacts/search?criteria=#{long}").json["code"]).to eq("LIMIT_EXCEEDED")
    end
  end

  it "tells whose organisation it is, if that was granted" do
    expect(zoho_call("GET", "org").json["org"].first).to include("zgid" => "712345678", "id" => /\A\d{19}\z/)
    expect(zoho_call("PUT", "org", {}).status).to eq(400)
    zoho.close_scope("org")
    expect(zoho_call("GET", "org").json["code"]).to eq("OAUTH_SCOPE_MISMATCH")
  end

  it "shows the fields of a module with lengths and picklists" do
    zoho.add_field("Cases", "PWB_Ref", length: 40, unique: true)
    fields = zoho_call("GET", "settings/fields?module=Cases").json["fields"].to_h { |field| [field["api_name"], field] }

    expect(fields["Subject"]).to include("length" => 255, "system_mandatory" => true)
    expect(fields["Priority"]["pick_list_values"].map { |value| value["actual_value"] }).to eq(%w[High Medium Low])
    expect(fields["PWB_Ref"]).to include("unique" => { "case_sensitive" => false })
    expect(zoho_call("GET", "settings/fields").json["code"]).to eq("REQUIRED_PARAM_MISSING")
  end
end
