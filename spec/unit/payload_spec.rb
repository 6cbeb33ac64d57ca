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
        /kind must be one of contact, message, support_ticket, but is :visit/,
      -> { described_class.zoho_note(message, parent: { external_type: "Leads" }) } => /external_id is missing/ }
      .each { |wrong, words| expect(&wrong).to raise_error(PwbCrm::ConfigurationError, words) }
  end
end
