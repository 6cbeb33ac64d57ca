# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZoho, :fakes do
  let(:zoho) { described_class.new }
  let(:contact_id) { zoho.add_record("Contacts", { "First_Name" => "Ana", "Last_Name" => "Ruiz" })["id"] }
  let(:parent) { { "module" => { "api_name" => "Contacts" }, "id" => contact_id } }
  let(:note) { { "Note_Title" => "Inquiry", "Note_Content" => "Is it free?", "Parent_Id" => parent } }

  it "hangs a note on its parent" do
    answer = insert("Notes", note)

    expect(answer.status).to eq(201)
    expect(zoho.notes_of("Contacts", contact_id)).to match([a_hash_including("id" => answer.details["id"],
                                                                             "Note_Content" => "Is it free?")])
    expect(zoho.notes_of("Leads", contact_id)).to be_empty
  end

  it "refuses the shape of v2: a string as parent" do
    answer = insert("Notes", note.merge("Parent_Id" => contact_id))

    expect(answer.status).to eq(400)
    expect(answer.details).to include("api_name" => "Parent_Id", "expected_data_type" => "jsonobject")
  end

  it "refuses the shape of v2: se_module" do
    %w[se_module $se_module].each do |key|
      expect(insert("Notes", note.merge(key => "Contacts")).details["api_name"]).to eq("se_module")
    end
    expect(zoho.records("Notes")).to be_empty
  end

  it "refuses a parent without module or id, or none at all" do
    [parent.except("module"), parent.except("id"), parent.merge("id" => "")].each do |incomplete|
      expect(insert("Notes", note.merge("Parent_Id" => incomplete)).item["code"]).to eq("MANDATORY_NOT_FOUND")
    end
    expect(insert("Notes", note.except("Parent_Id")).item["code"]).to eq("MANDATORY_NOT_FOUND")
  end

  it "refuses a module given as a string, or one that has no notes" do
    ["Contacts", { "api_name" => "Kontakte" }, { "api_name" => "Notes" }].each do |name|
      expect(insert("Notes",
                    note.merge("Parent_Id" => parent.merge("module" => name))).item["code"]).to eq("INVALID_DATA")
    end
  end

  it "refuses a parent that is not there" do
    zoho.delete_record("Contacts", contact_id)
    answer = insert("Notes", note)

    expect(answer.item).to include("code" => "INVALID_DATA", "message" => "the id given seems to be invalid")
    expect(answer.details).to include("json_path" => "$.data[0].Parent_Id.id")
  end

  it "refuses a parent of another module" do
    expect(insert("Notes",
                  note.merge("Parent_Id" => parent.merge("module" => { "api_name" => "Leads" }))).status).to eq(400)
  end

  it "refuses a note without title and content" do
    answer = insert("Notes", note.except("Note_Title", "Note_Content"))

    expect(answer.item).to include("code" => "EXPECTED_FIELD_MISSING")
    expect(answer.details["expected_fields"].map { |field| field["api_name"] }).to eq(%w[Note_Content Note_Title])
  end

  it "refuses over-long titles and contents" do
    expect(insert("Notes", note.merge("Note_Title" => "T" * 121)).details).to include("maximum_length" => 120)
    expect(insert("Notes", note.merge("Note_Content" => "c" * 65_536)).details).to include("maximum_length" => 65_535)
  end

  it "refuses more than 100 notes, in the root envelope" do
    answer = insert("Notes", *([note] * 101))

    expect(answer.status).to eq(400)
    expect(answer.json).to include("code" => "INVALID_DATA", "details" => a_hash_including("maximum_length" => 100))
  end

  it "answers 207 for a mixed batch" do
    expect(insert("Notes", note, note.except("Parent_Id")).status).to eq(207)
  end

  it "takes a note below its parent's path" do
    answer = zoho_call("POST", "Contacts/#{contact_id}/Notes", { data: [{ "Note_Title" => "Hi" }] })

    expect(answer.status).to eq(201)
    expect(zoho.notes_of("Contacts", contact_id).size).to eq(1)
  end

  describe "update" do
    let(:id) { insert("Notes", note).details["id"] }

    it "changes title and content, never the parent" do
      answer = zoho_call("PUT", "Notes/#{id}", { data: [{ "Note_Content" => "Still free?", "Parent_Id" => "9" }] })

      expect(answer.status).to eq(200)
      expect(zoho.record("Notes", id)).to include("Note_Content" => "Still free?", "Note_Title" => "Inquiry",
                                                  "Parent_Id" => a_hash_including("id" => contact_id))
    end

    it "changes many, each by its id" do
      answer = zoho_call("PUT", "Notes", { data: [{ "id" => id, "Note_Title" => "New" }, { "Note_Title" => "Lost" }] })

      expect(answer.status).to eq(207)
      expect(answer.items[1]["details"]).to eq("api_name" => "id", "json_path" => "$.data[1].id")
      expect(zoho.record("Notes",
                         id)).to include("Note_Title" => "New", "Parent_Id" => a_hash_including("id" => contact_id))
    end

    it "refuses to change nothing" do
      expect(zoho_call("PUT", "Notes/#{id}",
                       { data: [{ "Owner" => {} }] }).item["code"]).to eq("EXPECTED_FIELD_MISSING")
    end

    it "refuses an unknown note, in the root envelope" do
      expect(zoho_call("PUT", "Notes/12", { data: [{ "Note_Title" => "x" }] }).json)
        .to include("code" => "INVALID_DATA", "details" => { "resource_path_index" => 1 })
    end
  end

  describe "the related list" do
    it "shows the notes of one record" do
      insert("Notes", note, note.merge("Note_Title" => "Second"))
      answer = zoho_call("GET", "Contacts/#{contact_id}/Notes?fields=Note_Title&sort_by=Created_Time&sort_order=desc")

      expect(answer.items.map { |item| item["Note_Title"] }).to eq(%w[Second Inquiry])
      expect(answer.item.keys).to contain_exactly("Note_Title", "id")
    end

    it "is 204 without a body when empty" do
      answer = zoho_call("GET", "Contacts/#{contact_id}/Notes?fields=Note_Title")
      expect([answer.status, answer.text]).to eq([204, ""])
    end

    it "asks for fields and for an existing parent" do
      expect(zoho_call("GET", "Contacts/#{contact_id}/Notes").json).to include("code" => "REQUIRED_PARAM_MISSING")
      expect(zoho_call("GET", "Contacts/12/Notes?fields=id").json).to include("code" => "INVALID_DATA")
    end
  end

  it "does not list all notes for those who are no administrators" do
    answer = zoho_call("GET", "Notes?fields=id")
    expect([answer.status, answer.json["code"]]).to eq([403, "NOT_SUPPORTED"])
  end

  it "loses the notes with their parent" do
    insert("Notes", note)
    zoho_call("DELETE", "Contacts/#{contact_id}")

    expect(zoho.records("Notes")).to be_empty
  end

  it "needs the scope of both modules" do
    zoho.close_scope("Notes")

    expect(insert("Notes", note).json).to include("code" => "OAUTH_SCOPE_MISMATCH")
    expect(zoho_call("GET", "Contacts/#{contact_id}/Notes?fields=id").status).to eq(401)
    expect(zoho_call("GET", "Contacts/#{contact_id}").status).to eq(200)
  end
end
