# frozen_string_literal: true

module Chaos
  # Breaks one promise behind the engine's back, to see the judge notice.
  class Sabotage
    WAYS = %w[lost doubled order leak rollback].freeze

    # @param way [String]
    # @param crew [Crew]
    def initialize(way, crew)
      raise ArgumentError, "SABOTAGE is one of #{WAYS.join(", ")}" unless WAYS.include?(way)

      @way = way
      @crew = crew
    end

    # @return [void]
    def call = send(@way)

    private

    # A committed change whose row in the outbox vanishes.
    def lost
      contact = Pwb::Contact.where(website_id: 1).order(:id).last
      mark = Mark.in(contact.last_name, "c").next
      Saver::Account.new(0, nil).note("contact", mark) do
        contact.update!(last_name: mark.to_s)
        PwbCrm::Delivery.waiting.of_record("contact", contact.id).delete_all
        contact
      end
    end

    # A ticket that is made a second time.
    def doubled
      ticket = Pwb::SupportTicket.where(website_id: 1).order(:created_at).last
      fields = { subject: ticket.subject, comment: { body: ticket.description },
                 requester: { name: "Uma", email: "u@example.com" }, external_id: "pwb:1:support_ticket:#{ticket.id}" }
      post("w1-zendesk-1", "/api/v2/tickets", ticket: fields)
    end

    # An old state that arrives last.
    def order
      contact = Pwb::Contact.where(website_id: 1).where("last_name LIKE 'c1s0n%'").order(:id).first
      mark = Mark.in(contact.last_name, "c")
      upsert("w1-zoho_crm-0", contact, mark.with(version: 1))
    end

    # A record of one tenant at another's remote.
    def leak
      contact = Pwb::Contact.where(website_id: 2).where.not(primary_email: nil).order(:id).first
      upsert("w1-zoho_crm-0", contact, contact.last_name)
    end

    # A state that was never committed.
    def rollback
      contact = Pwb::Contact.where(website_id: 1).where.not(primary_email: nil).order(:id).first
      mark = Mark.in(contact.last_name, "c")
      upsert("w1-zoho_crm-0", contact, mark.with(version: mark.version + 100_000))
    end

    def upsert(station, contact, name)
      post(station, "/crm/v8/Contacts/upsert", data: [{ Last_Name: name.to_s, Email: contact.primary_email }],
                                               duplicate_check_fields: ["Email"])
    end

    def post(station, path, **body)
      token = @crew.control("token/#{station}").fetch("token")
      scheme = station.include?("zoho") ? "Zoho-oauthtoken" : "Bearer"
      headers = { "authorization" => "#{scheme} #{token}", "content-type" => "application/json" }
      answer = Net::HTTP.post(URI("#{@crew.addresses.fetch(station)}#{path}"), JSON.generate(body), headers)
      raise "The sabotage was refused: #{answer.code} #{answer.body}" unless answer.is_a?(Net::HTTPSuccess)
    end
  end
end
