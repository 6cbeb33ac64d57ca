# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "support/native_help"

RSpec.describe "Deliveries over real HTTP", :native do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token") }
  let(:zendesk) { PwbCrm::Testing::FakeZendesk.new(access_token: "zd-token") }
  let(:receiver) { PwbCrm::Testing::FakeReceiver.new(secrets: [NativeHelp::SECRET]) }
  let(:servers) { [zoho, zendesk, receiver].map { |fake| PwbCrm::Testing::Server.start(fake) } }
  let(:clients) do
    more = { shadow_key: "k" * 32, timeout: 5 }
    { zoho: PwbCrm::ZohoClient.new(access_token: "zoho-token", api_domain: "www.zohoapis.com", **more),
      zendesk: PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "zd-token", **more),
      webhook: client(servers.last.url, **more) }
  end
  let(:contact) { { kind: "contact", id: 7, first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" } }
  let(:message) { { kind: "message", id: 12, text: "Is it free?", contact: contact.except(:kind) } }
  let(:ticket) { { kind: "support_ticket", id: "0b1c", subject: "Login", requester: contact.except(:kind) } }

  before { PwbCrm.config.assign(zoho_base_url: servers[0].url, zendesk_base_url: servers[1].url) }
  after { servers.each(&:stop) }

  def delivery(record, **more)
    { key: record[:kind], action: "upsert", record:, website: { id: 3, slug: "acme" }, reference: "PWB-1a2b",
      event_id: "msg_#{record[:kind]}", occurred_at: Time.now, **more }
  end

  def sync(system, record, **) = clients.fetch(system).sync([delivery(record, **)]).first

  def link(outcome)
    { external_type: outcome.external_type, external_id: outcome.id, shadow: outcome.shadow,
      mapping_version: outcome.mapping_version }
  end

  it "brings a contact, an enquiry and a ticket to Zoho" do
    outcomes = [contact, message, ticket].map { |record| sync(:zoho, record) }
    expect(outcomes.map { |one| [one.action, one.external_type] })
      .to eq([[:created, "Contacts"], [:created, "Notes"], [:created, "Cases"]])
    person = zoho.records("Contacts")
    expect(person.map { |record| record["Email"] }).to eq(["ana@example.com"])
    expect(zoho.notes_of("Contacts", person.first["id"]).first["Note_Content"]).to include("Is it free?", "PWB-1a2b")
    expect(zoho.records("Cases").first["Subject"]).to eq("Login")
  end

  it "brings a contact, an enquiry and a ticket to Zendesk" do
    outcomes = [contact, message, ticket].map { |record| sync(:zendesk, record) }
    expect(outcomes.map(&:success?)).to eq([true] * 3)
    expect(outcomes[1].links.first).to have_attributes(role: "parent", external_type: "user")
    expect(zendesk.tickets.map { |one| one["subject"] }).to include("Login")
  end

  it "delivers signed events" do
    outcomes = [contact, message, ticket].map { |record| sync(:webhook, record) }
    expect(outcomes.map(&:action)).to eq([:created] * 3)
    expect(receiver.events.map { |event| event["type"] }).to eq(%w[contact.created message.created ticket.created])
  end

  def reply(**more) = { kind: "comment", id: 5, body: "We look", public: true, author: { name: "Ana" }, **more }

  def parent_at(system)
    sync(system, ticket).then { |home| { external_type: home.external_type, external_id: home.id } }
  end

  it "brings a reply to all three, once" do
    %i[zoho zendesk webhook].each do |system|
      parent = parent_at(system)
      first = sync(system, reply, parent:)
      expect(first).to have_attributes(action: :created, success?: true)
      again = sync(system, reply, parent:, link: link(first), doubt: true)
      expect(again).to have_attributes(action: :unchanged, calls: [])
    end
    expect(zoho.notes_of("Cases", zoho.records("Cases").first["id"]).first)
      .to include("Note_Title" => "Reply by Ana", "Note_Content" => "We look\n\nRef: PWB-1a2b")
    expect(zendesk.comments(zendesk.tickets.first["id"]).last).to include("body" => "We look", "public" => true)
    expect(receiver.events.last).to include("type" => "comment.created", "data" => include("body" => "We look"))
  end

  it "never sends an internal note, in whatever way it is handed over" do
    link = { external_type: "comment", external_id: "9" }
    internal = [reply(public: false), reply(public: nil), reply.except(:public)]
    internal.product([{}, { doubt: true }, { link: }, { action: "delete" }], clients.keys) do |record, more, system|
      outcome = sync(system, record, parent: { external_type: "ticket", external_id: "1" }, **more)
      expect(outcome).to have_attributes(status: :skipped, calls: [])
    end
    expect([zoho, zendesk, receiver].flat_map(&:requests)).to be_empty
  end

  it "sends only what changed, and nothing when nothing did" do
    %i[zoho zendesk webhook].each do |system|
      first = sync(system, contact)
      expect(sync(system, contact, link: link(first))).to have_attributes(action: :unchanged, calls: [])
      changed = sync(system, contact.merge(last_name: "Gil"), link: link(first))
      expect(changed).to have_attributes(action: :updated, success?: true)
    end
    expect(zoho.records("Contacts").map { |record| record["Last_Name"] }).to eq(["Gil"])
  end

  {
    { reset: :after } => [PwbCrm::ConnectionError, :maybe], { delay: 3 } => [PwbCrm::TimeoutError, :maybe],
    { status: 500 } => [PwbCrm::RemoteError, :maybe], { garbage: :html } => [PwbCrm::RemoteError, :maybe],
    { garbage: :large } => [PwbCrm::RemoteError, :maybe],
    { status: 429, retry_after: 9 } => [PwbCrm::RateLimitError, :yes]
  }.each do |fault, (type, sent)|
    it "tells of #{fault} as #{type}, sent #{sent}" do
      zoho.fail_next(1, **fault)
      quick = PwbCrm::ZohoClient.new(access_token: "zoho-token", api_domain: "www.zohoapis.com", timeout: 1)
      outcome = quick.sync([delivery(contact)]).first
      expect(outcome.error).to be_a(type).and have_attributes(sent:, message: start_with("contact 7"))
    end
  end

  it "reads no more than 2 MB of an answer, whoever gives it" do
    [zoho, zendesk, receiver].each { |fake| fake.fail_next(1, garbage: :large) }
    errors = %i[zoho zendesk webhook].map { |system| sync(system, contact).error }
    expect(errors).to all(be_a(PwbCrm::RemoteError))
    expect(errors).to all(have_attributes(retryable?: true, sent: :maybe))
    expect(errors.map(&:message)).to all(match(/\Acontact 7: .*sent an answer longer than 2097152 bytes/))
    expect(%i[zoho zendesk webhook].map { |system| sync(system, contact).success? }).to all(be(true))
  end

  it "tells of a dead token" do
    zoho.revoke_token!
    expect(sync(:zoho, contact).error).to be_a(PwbCrm::AuthenticationError).and have_attributes(reconnect?: true)
  end

  it "keeps one record's failure to itself" do
    outcomes = clients[:zoho].upsert("Contacts", [{ last_name: "Ruiz" }, { email: "no name" }, { last_name: "Gil" }])
    expect(outcomes.map(&:success?)).to eq([true, false, true])
    expect(outcomes[1].error).to be_a(PwbCrm::ValidationError).and have_attributes(message: include("record 1"))
  end
end
