# frozen_string_literal: true

RSpec.describe PwbCrm::Payload do
  let(:website) { { id: 3, slug: "acme", name: "Acme Homes", url: "https://acme.example" } }
  let(:contact) { { id: 7, first_name: "Ana", last_name: "Ruiz", email: "ana@example.com", phone: "+34 600" } }
  let(:message) { { id: 12, text: "Is it free?", contact:, property: { reference: "R-1", title: "Villa" } } }
  let(:ticket) do
    { id: "0b1c", number: "TKT-1", subject: "Login", description: "No entry", status: "open", requester: contact }
  end

  it "builds a Zoho Contact" do
    expect(described_class.zoho_contact(contact))
      .to include("First_Name" => "Ana", "Last_Name" => "Ruiz", "Email" => "ana@example.com", "Phone" => "+34 600")
  end

  it "builds a Zoho Lead with the tenant as company" do
    expect(described_class.zoho_lead(contact, website:, settings: { lead_source: "Fair" }))
      .to include("Company" => "Acme Homes", "Lead_Source" => "Fair", "Last_Name" => "Ruiz")
  end

  it "builds a Zoho Note under its person, with property and reference" do
    note = described_class.zoho_note(message, parent: { external_type: "Leads", external_id: 42 }, reference: "PWB-1a")
    expect(note["Parent_Id"]).to eq("module" => { "api_name" => "Leads" }, "id" => "42")
    expect(note["Note_Content"]).to include("Is it free?", "R-1", "Villa", "PWB-1a")
  end

  it "builds a Zoho Case" do
    expect(described_class.zoho_case(ticket, settings: { case_status: { open: "Neu" } }))
      .to include("Subject" => "Login", "Status" => "Neu", "Case_Origin" => "Web", "Email" => "ana@example.com")
  end

  it "builds a Zendesk user, a contact and somebody with an account apart" do
    ids = %i[contact user].map { |kind| described_class.zendesk_user(contact, kind:, website:)["user"]["external_id"] }
    expect(ids).to eq(%w[pwb:3:contact:7 pwb:3:user:7])
  end

  it "builds Zendesk tickets from an enquiry and from a support ticket" do
    enquiry = described_class.zendesk_message_ticket(message, requester_id: 9, website:,
                                                              settings: { custom_fields: { property_reference: 36 } })
    support = described_class.zendesk_support_ticket(ticket, requester_id: 9, website:)
    expect([enquiry, support].map { |body| body["ticket"]["requester_id"] }).to eq([9, 9])
    expect(enquiry["ticket"]).to include("external_id" => "pwb:3:message:12",
                                         "custom_fields" => [{ "id" => 36, "value" => "R-1" }])
    expect(support["ticket"]).to include("subject" => "Login", "external_id" => "pwb:3:support_ticket:0b1c")
  end

  it "builds a Zendesk update without a public comment" do
    body = described_class.zendesk_ticket_update(ticket, website:)
    expect(body["ticket"]).to include("subject" => "Login", "comment" => include("public" => false))
  end

  it "builds a reply for each system" do
    reply = { id: 5, body: "We look", public: true, author: contact, ticket_id: "0b1c", ticket_number: "TKT-1" }
    note = described_class.zoho_reply(reply, parent: { external_type: "Cases", external_id: 7 }, reference: "PWB-1a")
    expect(note).to eq("Note_Title" => "Reply by Ana Ruiz", "Note_Content" => "We look\n\nRef: PWB-1a",
                       "Parent_Id" => { "module" => { "api_name" => "Cases" }, "id" => "7" })
    expect(described_class.zendesk_reply(reply, author_id: 9, website:))
      .to eq("ticket" => { "comment" => { "body" => "We look", "public" => true, "author_id" => 9 },
                           "metadata" => { "pwb_external_id" => "pwb:3:comment:5" } })
    expect(described_class.webhook_event(:comment, reply)).to include(
      "type" => "comment.created", "data" => include("ticket_number" => "TKT-1", "author_name" => "Ana Ruiz")
    )
  end

  it "builds nothing of an internal note" do
    [{ body: "s3cret", public: false }, { body: "s3cret", public: nil }, { body: "s3cret" }].each do |note|
      [-> { described_class.zoho_reply(note) }, -> { described_class.zendesk_reply(note) },
       -> { described_class.webhook_event(:comment, note) }].each do |built|
        expect(&built).to raise_error(PwbCrm::ConfigurationError, /internal note.* is never sent/)
      end
    end
  end

  it "builds webhook events of each change" do
    types = %i[created updated deleted].map do |change|
      described_class.webhook_event(:contact, contact, change:)["type"]
    end
    expect(types).to eq(%w[contact.created contact.updated contact.deleted])
    event = described_class.webhook_event("support_ticket", ticket, id: "msg_1", occurred_at: Time.utc(2026, 1, 2),
                                                                    website:)
    expect(event).to include("id" => "msg_1", "event" => "ticket.created", "website" => "acme",
                             "timestamp" => "2026-01-02T00:00:00Z", "data" => include("ticket_number" => "TKT-1"))
  end

  it "makes something sendable of nil everywhere, odd bytes and endless names" do
    odd = { id: nil, first_name: "caf\xE9".b, last_name: "x" * 500, email: nil, phone: 0x7fffffff,
            created_at: Time.now }
    fields = described_class.zoho_contact(odd)
    expect(fields["First_Name"]).to eq("caf\u{FFFD}")
    expect(fields["Last_Name"].size).to eq(80)
    expect(described_class.zoho_contact({})).to include("Last_Name" => a_string_matching(/./))
  end

  it "refuses what cannot be meant, by name" do
    { -> { described_class.zoho_contact([]) } => /contact must be a Hash/,
      -> { described_class.zoho_contact({ email: Object.new }) } => /contact\.email is a Object/,
      -> { described_class.zoho_contact(contact, settings: { lead: 1 }) } => /no setting "lead", only enquirers/,
      -> { described_class.zendesk_user(contact, settings: { deletes: "purge" }) } => /unknown variant `purge`/,
      -> { described_class.webhook_event(:contact, contact, change: :moved) } => /change must be one of/,
      -> { described_class.webhook_event(:visit, {}) } =>
        /kind must be one of contact, message, support_ticket, comment, but is :visit/,
      -> { described_class.zoho_note(message, parent: { external_type: "Leads" }) } => /external_id is missing/ }
      .each { |wrong, words| expect(&wrong).to raise_error(PwbCrm::ConfigurationError, words) }
  end

  it "refuses a list or a Hash where text belongs, by name, and shows nothing of it" do
    odd = ["s3cret"]
    { -> { described_class.zoho_contact({ first_name: odd }) } => /\Acontact\.first_name must be a String, number/,
      -> { described_class.zoho_lead({ email: { "s3cret" => 1 } }) } => /\Acontact\.email must/,
      -> { described_class.zoho_note({ contact: { "phone" => odd } }) } => /\Amessage\.contact\.phone must/,
      -> { described_class.zoho_note({ property: { title: odd } }) } => /\Amessage\.property\.title must/,
      -> { described_class.zoho_case({ status: odd }) } => /\Asupport_ticket\.status must/,
      -> { described_class.zendesk_user(contact, website: { slug: odd }) } => /\Apreview\.website\.slug must/,
      -> { described_class.zoho_reply({ body: odd }) } => /\Acomment\.body must/,
      -> { described_class.zendesk_reply({ body: "x", public: "no, s3cret" }) } => /\Acomment\.public must/,
      -> { described_class.zoho_case({ requester: { name: odd } }) } => /\Asupport_ticket\.requester\.name must/,
      -> { described_class.webhook_event(:contact, { phone: odd }) } => /\Arecord\.phone must/ }.each do |wrong, words|
      expect(&wrong).to raise_error(PwbCrm::ConfigurationError, words) { |error|
        expect(error.message).not_to include("s3cret")
      }
    end
  end

  it "refuses a setting of the wrong kind, by name" do
    { lead_source: [], case_origin: { a: 1 }, property_reference_field: [1] }.each do |name, wrong|
      expect { described_class.zoho_lead(contact, settings: { name => wrong }) }
        .to raise_error(PwbCrm::ConfigurationError, /\Asettings: #{name}: it must be text, but is a (list|map)/)
    end
    { tags: [["a"]], user_fields: { website: [] }, custom_fields: { ticket_number: {} } }.each do |name, wrong|
      expect { described_class.zendesk_user(contact, settings: { name => wrong }) }
        .to raise_error(PwbCrm::ConfigurationError, /\Asettings: #{name}.*it must be text, but is a (list|map)/)
    end
  end

  it "takes the id of a requester as Zendesk has it, or as an outcome tells it" do
    [42, "42"].each do |id|
      body = described_class.zendesk_support_ticket(ticket, requester_id: id)
      expect(body.fetch("ticket")).to include("requester_id" => 42)
    end
    ["abc", "", -1, 0, 1.5, [], :"42", "4 2", 10**20].each do |wrong|
      expect { described_class.zendesk_message_ticket(message, requester_id: wrong) }
        .to raise_error(PwbCrm::ConfigurationError, /\Arequester_id must be .* a positive Integer\.\z/), wrong.inspect
    end
  end
end
