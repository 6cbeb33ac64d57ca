# frozen_string_literal: true

require "rails_helper"

# Which account of a platform is spoken to, and what is known about it.
RSpec.describe "the account behind an integration" do
  include_context "with remotes"

  let(:person) { contact(site) }

  describe "of a platform that is connected twice" do
    let(:other) { PwbCrm::Testing::FakeZoho.new(access_token: "other-token") }
    let!(:second) do
      integration(site, "zoho_crm", config: { api_domain: "https://www.zohoapis.eu", access_token: "other-token" })
    end

    before { configure(transport: PwbCrm::Testing::Seam.new("www.zohoapis.com" => zoho, "www.zohoapis.eu" => other)) }

    def drain_both
      all_due
      [crm, second].each { |one| drain(one) }
    end

    it "has its own remote ids for the same record" do
      contact(site, primary_email: "bo@example.com")
      drain(crm)
      person
      drain_both
      person.update!(last_name: "Diaz")
      drain_both

      [[crm, zoho], [second, other]].each do |one, fake|
        link = one.links.find_by!(record_type: "contact", record_id: person.id.to_s)
        held = fake.records("Contacts").find { |record| record["id"] == link.external_id }
        expect(held).to include("Email" => "ana@example.com", "Last_Name" => "Diaz")
      end
    end
  end

  describe "of Zoho in another data centre" do
    it "is reached there, tokens included, and the app's client secret is not copied into the tenant's row" do
      configure(zoho_client_id: zoho.client_id, zoho_client_secret: zoho.client_secret)
      crm.update!(config: { api_domain: "https://www.zohoapis.eu", accounts_server: "https://accounts.zoho.eu" })
      crm.connect!(access_token: "stale", refresh_token: zoho.refresh_token, expires_in: 3600)
      person
      all_due
      drain(crm)

      expect(zoho.records("Contacts").size).to eq(1)
      expect(crm.reload.config["access_token"]).to eq(zoho.access_token)
      expect(crm.config.keys).not_to include("client_id", "client_secret")
      expect(zoho.requests.map(&:path)).to include("/oauth/v2/token")
    end
  end

  describe "that an integration is moved to" do
    let(:theirs) { PwbCrm::Testing::FakeZendesk.new(access_token: "their-token") }

    before do
      person
      drain_all
      configure(transport: PwbCrm::Testing::Seam.new("acme.zendesk.com" => zendesk, "other.zendesk.com" => theirs))
    end

    def move
      desk.update!(config: { subdomain: "other" })
      desk.connect!(access_token: "their-token")
    end

    it "is not written to under the ids of the former one" do
      move
      person.update!(last_name: "Diaz")
      all_due
      drain(desk)
      expect(theirs.requests.map(&:path)).not_to include(end_with("/users/#{zendesk.users.sole["id"]}"))
      expect(theirs.users.sole["name"]).to eq("Ana Diaz")
      expect(desk.links.sole.external_id).to eq(theirs.users.sole["id"].to_s)
    end

    it "keeps the links while it stays the same" do
      desk.update!(config: { subdomain: "acme", custom_fields: { ticket_number: 1 } })
      desk.connect!(access_token: "another-token")
      desk.update!(name: "Support")
      expect(desk.links.count).to eq(1)
    end

    it "does not learn what a worker was just told by the former one" do
      lease = PwbCrm::Lease.acquire(desk.id)
      move
      expect { lease.fence }.to raise_error(PwbCrm::Lease::Lost)
      expect(PwbCrm::Lease.acquire(desk.id)).to be_present
    end
  end

  it "keeps nothing in the host's cache, which may be another one in each process, or forget" do
    allow(Rails).to receive(:cache).and_raise("there is no cache")
    enquire
    ticket(site)
    drain_all
    Pwb::SupportTicket.sole.resolve!
    drain_all
    expect(zendesk.tickets.pluck("status")).to contain_exactly("new", "solved")
    expect(states.keys - %w[succeeded skipped]).to be_empty
  end
end
