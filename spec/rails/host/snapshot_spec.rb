# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Snapshot do
  let(:site) { website(subdomain: "acme") }

  def shot(kind, record) = described_class.new(site).of(kind, record)

  describe "the host's records" do
    it "gives a contact with its address" do
      address = Pwb::Address.create!(street_address: "1 High St", city: "Bath", postal_code: "BA1", country: "UK")
      record = contact(site, title: "mrs", primary_phone_number: "+44 1", other_email: "b@example.com",
                             primary_address: address)
      expect(shot("contact", record)).to include(
        kind: "contact", id: record.id, title: "mrs", first_name: "Ana", last_name: "Ruiz", name: "Ana Ruiz",
        email: "ana@example.com", other_email: "b@example.com", phone: "+44 1", street: "1 High St", city: "Bath",
        postal_code: "BA1", country: "UK", created_at: record.created_at.utc.iso8601(3)
      )
    end

    it "gives a message with its contact and its property, in the host's words" do
      asset = Pwb::RealtyAsset.create!(website: site, reference: "R1", slug: "villa", formatted_price: "€ 250,000")
      Pwb::ListedProperty.create!(id: asset.id, website_id: site.id, slug: "villa", title: "Sea view", for_rent: true)
      record = message(site, contact: contact(site), realty_asset: asset, locale: "es", url: "https://acme.example.com/")

      expect(shot("message", record)).to include(
        text: "Is it free?", title: "Hello", locale: "es", contact_id: record.contact_id,
        contact: include(first_name: "Ana"),
        property: { id: asset.id, reference: "R1", title: "Sea view", price: "€ 250,000",
                    url: "https://acme.example.com/properties/for-rent/villa/sea-view" }
      )
    end

    it "finds the property by the page that an enquiry was sent from, within the tenant" do
      listing = { slug: "villa", title: "Sea view", reference: "R1" }
      Pwb::ListedProperty.create!(id: SecureRandom.uuid, website_id: website.id, **listing, title: "Another's")
      Pwb::ListedProperty.create!(id: SecureRandom.uuid, website_id: site.id, **listing)
      record = message(site, url: "https://acme.example.com/properties/for-sale/villa/sea-view")
      expect(shot("message", record)[:property]).to include(reference: "R1", title: "Sea view")
    end

    it "gives a ticket with its requester" do
      expect(shot("support_ticket", ticket(site))).to include(
        number: /\ATKT-/, subject: "Broken", description: "The map is blank", status: "open", priority: "low",
        requester: include(email: "bo@example.com", first_name: "Bo", name: "Bo Li")
      )
    end

    it "gives a website, whose slug is never the host's fixed word" do
      bare = website(subdomain: nil)
      custom = website(subdomain: nil, custom_domain: "homes.example")
      slugs = [site, custom, bare].map { |one| described_class.new(one).website[:slug] }
      expect(slugs).to eq(["acme", "homes.example", "website-#{bare.id}"])
      expect(described_class.new(bare).website).to eq(id: bare.id, slug: slugs.last, name: "Acme Homes")
    end
  end

  describe "the plan's records" do
    it "are read in the plan's words" do
      property = Struct.new(:id, :reference, :title, :price).new(3, "R3", "Villa", 100)
      record = Struct.new(:id, :message, :prop, :contact, :contact_id).new(7, "Hi", property, nil, nil)
      expect(shot("message", record)).to include(id: 7, text: "Hi", contact: nil,
                                                 property: include(reference: "R3", title: "Villa", price: 100))
    end
  end

  it "leaves out what hangs on a record and belongs to another website" do
    other = website
    asset = Pwb::RealtyAsset.create!(website: other, reference: "R1", slug: "villa")
    record = message(site, contact: contact(other), realty_asset: asset, sender_email: "mia@example.com")
    expect(shot("message", record)).to include(contact: nil, contact_id: nil, property: nil,
                                               sender_email: "mia@example.com")

    mine = message(site, contact: contact(site))
    Pwb::Contact.update_all(website_id: nil)
    expect(shot("message", mine.reload)).to include(contact: include(first_name: "Ana"), contact_id: mine.contact_id)
  end

  it "stands nil everywhere" do
    empty = [Pwb::Contact.new, Pwb::Message.new, Pwb::SupportTicket.new(status: nil, priority: nil)]
    shots = empty.zip(%w[contact message support_ticket]).map { |record, kind| shot(kind, record) }
    expect(shots.flat_map { |one| one.except(:kind).values }.uniq).to eq([nil])
  end

  it "reads with configured readers, in order, blank ones passed over" do
    configure(readers: { contact: { name: [:other_names, ->(person) { "Dr #{person.last_name}" }] } })
    expect(shot("contact", contact(site, other_names: " "))[:name]).to eq("Dr Ruiz")
    expect(shot("contact", contact(site, other_names: "Pip"))[:name]).to eq("Pip")
  end

  it "names the field of a reader that fails, and a fault of the database is one that passes" do
    configure(readers: { contact: { name: ->(_) { raise "secret value" } } })
    record = contact(site)
    expect { shot("contact", record) }.to raise_error(PwbCrm::ConfigurationError) { |error|
      expect(error.message).to include("contact #{record.id}", "contact.name", "RuntimeError")
      expect(error.message).not_to include("secret value")
    }
    configure(readers: { contact: { name: ->(_) { Pwb::Contact.find(0) } } })
    expect { shot("contact", record) }.to raise_error(PwbCrm::ConnectionError, /name: its reader met.*RecordNotFound/)
  end

  describe PwbCrm::Snapshot::Scrub do
    def scrub(value) = described_class.call(value)

    it "leaves what the core takes" do
      [nil, true, false, 7, "Zoë 🏡"].each { |value| expect(scrub(value)).to eq(value) }
    end

    it "makes text valid" do
      expect(scrub("a\xFFb")).to eq("a\uFFFDb")
      expect(scrub((+"Zo\xEB").force_encoding("ISO-8859-1"))).to eq("Zoë")
      expect(scrub("Zoë".b)).to eq("Zoë")
      expect(scrub("a\0b")).to eq("ab")
    end

    it "makes text of the rest" do
      expect(scrub(:open)).to eq("open")
      expect(scrub(BigDecimal("250000.50"))).to eq("250000.5")
      expect(scrub(Date.new(2026, 1, 2))).to eq("2026-01-02")
      expect(scrub(Time.utc(2026, 1, 2, 3, 4, 5, 678_000))).to eq("2026-01-02T03:04:05.678Z")
      expect(scrub(Time.utc(2026, 1, 2, 3, 4, 5).in_time_zone("Madrid"))).to eq("2026-01-02T03:04:05.000Z")
      expect(scrub(Struct.new(:currency, :format).new("EUR", "€ 3"))).to eq("€ 3")
    end
  end
end
