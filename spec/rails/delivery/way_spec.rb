# frozen_string_literal: true

require "rails_helper"

# The whole way with the real clients, the remotes played by the fakes.
RSpec.describe "the way of a record" do
  include_context "with remotes"

  describe "an enquiry, saved in the host's order" do
    it "is a contact with a note, a user with a ticket, and two events: two requests each" do
      enquire
      drain_all

      person = zoho.records("Contacts").sole
      expect(person).to include("First_Name" => "Ana", "Last_Name" => "Ruiz", "Email" => "ana@example.com")
      expect(zoho.notes_of("Contacts", person["id"]).sole["Note_Content"]).to include("Is it free?", "R1", "€ 250,000")
      expect(zendesk.tickets.sole).to include("requester_id" => zendesk.users.sole["id"])
      expect(receiver.events.map { |event| event["type"] }).to eq(%w[contact.created message.created])
      expect(requests).to eq("zoho_crm" => 2, "zendesk" => 2, "custom" => 2)
      expect(states).to eq("succeeded" => 6)
    end

    it "leaves the remote ids in the links and in the contact's details" do
      enquiry = enquire
      drain_all
      ids = { "zoho_id" => zoho.records("Contacts").sole["id"], "zendesk_id" => zendesk.users.sole["id"].to_s }
      expect(enquiry.contact.reload.details).to eq(ids)
      expect([crm, desk].map { |one| one.links.find_by!(record_type: "contact").external_id }).to eq(ids.values)
    end

    it "costs nothing more for the later saves that the host makes" do
      enquiry = enquire
      drain_all
      enquiry.update!(read: true)
      enquiry.update!(delivery_success: true, delivered_at: Time.current)
      enquiry.contact.update!(updated_at: 1.minute.from_now)
      enquiry.contact.update!(first_name: "Eva")
      enquiry.contact.update!(first_name: "Ana")
      expect { drain_all }.not_to(change { requests })
      expect(states).to eq("succeeded" => 6, "skipped" => 3)
    end

    it "arrives once even if it is drained between the saves" do
      enquiry = message(site, content: "Is it free?", sender_email: "ana@example.com", sender_name: "Ana Ruiz")
      drain_all
      enquiry.update!(contact: contact(site))
      drain_all
      enquiry.update!(realty_asset: Pwb::RealtyAsset.create!(website: site, reference: "R1"))
      drain_all

      expect(zoho.records("Contacts").size).to eq(1)
      expect(zoho.records("Notes").sole["Note_Content"]).to include("R1")
      expect([zendesk.users.size, zendesk.tickets.size]).to eq([1, 1])
    end
  end

  describe "an update" do
    it "sends what changed, to the record it is linked to" do
      person = contact(site)
      drain_all
      person.update!(last_name: "Diaz")
      drain_all

      expect(zoho.records("Contacts").sole["Last_Name"]).to eq("Diaz")
      expect(zendesk.users.sole["name"]).to include("Diaz")
      expect(receiver.events.map { |event| event["type"] }).to eq(%w[contact.created contact.updated])
      expect(zoho.requests.last.path).to end_with("/Contacts/#{zoho.records("Contacts").sole["id"]}")
    end
  end

  describe "many contacts at once" do
    it "are one request to Zoho, however many of them are new or changed" do
      people = (1..30).map { |n| contact(site, primary_email: "#{n}@example.com") }
      drain(crm)
      expect(requests["zoho_crm"]).to eq(1)
      people.first(20).each { |person| person.update!(last_name: "Diaz") }
      drain(crm)
      expect(requests["zoho_crm"]).to eq(2)
      expect(zoho.records("Contacts").map { |one| one["Last_Name"] }.tally).to eq("Diaz" => 20, "Ruiz" => 10)
    end
  end

  describe "a support ticket" do
    it "is a case, a ticket and an event, and its resolving updates them" do
      record = ticket(site, priority: :urgent)
      drain_all
      expect(zoho.records("Cases").sole).to include("Subject" => "Broken")
      expect(zendesk.tickets.sole).to include("subject" => "Broken", "priority" => "urgent")

      record.resolve!
      drain_all
      expect(zoho.records("Cases").sole["Status"]).to eq("Closed")
      expect(zendesk.tickets.sole["status"]).to eq("solved")
      expect(zendesk.comments(zendesk.tickets.sole["id"]).size).to eq(1)
      expect(receiver.events.map { |event| event["type"] }).to eq(%w[ticket.created ticket.updated])
    end
  end

  describe "a delete" do
    it "is skipped by default, but for webhooks" do
      person = contact(site)
      drain_all
      person.destroy!
      drain_all
      expect(zoho.records("Contacts").size).to eq(1)
      expect(receiver.events.last)
        .to include("type" => "contact.deleted", "data" => include("email" => "ana@example.com"))
      expect(states).to eq("succeeded" => 4, "skipped" => 2)
    end

    it "deletes where the tenant says so, and takes the link along" do
      crm.update!(settings: { deletes: "delete" })
      person = contact(site)
      drain_all
      person.destroy!
      drain_all
      expect(zoho.records("Contacts")).to be_empty
      expect(crm.links).to be_empty
    end

    it "of what was never delivered sends nothing" do
      contact(site).destroy!
      drain_all
      expect(requests.values.uniq).to eq([0])
      expect(states).to eq("skipped" => 3)
    end
  end

  it "makes leads instead of contacts where the tenant says so, once for each person" do
    crm.update!(settings: { enquirers: "lead" })
    enquire
    drain_all
    expect(zoho.records("Contacts")).to be_empty
    message(site, contact: Pwb::Contact.sole, content: "And the garden?")
    drain_all
    expect(zoho.notes_of("Leads", zoho.records("Leads").sole["id"]).size).to eq(2)

    crm.update!(settings: { enquirers: "contact_and_note" })
    Pwb::Contact.sole.update!(first_name: "Eva")
    drain_all
    expect(zoho.records("Contacts")).to be_empty
    expect(zoho.records("Leads").sole["First_Name"]).to eq("Eva")
  end

  it "never crosses from one tenant to another" do
    other = website(subdomain: "casa")
    contact(other, primary_email: "other@example.com")
    contact(site)
    drain_all
    expect(zoho.records("Contacts").map { |one| one["Email"] }).to eq(["ana@example.com"])
    expect(receiver.events.map { |event| event["website"] }.uniq).to eq(["acme"])
  end

  it "renews a Zoho token that was refused, and what was refused arrives" do
    crm.update!(config: zoho_config.merge(client_id: "zoho-client-id", client_secret: "zoho-client-secret"))
    crm.connect!(access_token: "stale", refresh_token: "zoho-refresh-token", expires_in: 3600)
    contact(site)
    drain_all
    expect(zoho.records("Contacts").size).to eq(1)
    expect(crm.reload.config["access_token"]).to eq(zoho.access_token)
  end

  describe "at once" do
    it "goes by the plan's three methods, on every platform" do
      enquiry = enquire
      problem = ticket(site)
      outcomes = [crm, desk, hook].flat_map do |integration|
        provider = integration.provider
        [provider.sync_contact(enquiry.contact), provider.sync_message(enquiry), provider.sync_support_ticket(problem)]
      end
      expect(outcomes.map(&:action).uniq).to eq([:created])
      expect(outcomes).to all(have_attributes(success?: true, id: be_present))
      expect(states).to eq("succeeded" => 9)
    end
  end
end
