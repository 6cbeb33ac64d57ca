# frozen_string_literal: true

module Demo
  # What the outside systems hold at the end of the day, against what the host saved.
  class Audit
    # @param stage [Stage]
    # @param transcript [Transcript]
    # @param checks [Checks]
    def initialize(stage, transcript, checks)
      @stage = stage
      @transcript = transcript
      @checks = checks
    end

    # @return [void]
    def call
      @transcript.chapter("What each system holds now, counted")
      people_in_zoho
      rest_of_zoho
      users_of_zendesk
      tickets_of_zendesk
      internal_notes
      { "acme" => stage.webhook, "casa" => stage.casa_webhook }.each { |slug, system| webhook(slug, system) }
      own_tables
    end

    private

    attr_reader :stage

    delegate :that, to: :@checks

    def people_in_zoho
      names = zoho.records("Contacts").map { |person| person.values_at("First_Name", "Last_Name", "Phone") }
      that("Zoho CRM: one Contact, with the new phone number", [["Ana", "Ruiz", "+34 600 000 002"]], names)
      notes = zoho.records("Notes").map { |note| note.values_at("Parent_Id", "Note_Content") }
      about = notes.map { |parent, text| [parent["id"], text[/Reference: (.+)/, 1]] }
      that("Zoho CRM: one Note, on that Contact, about the property", [[ana_in_zoho, "AC-204"]], about)
    end

    def rest_of_zoho
      that("Zoho CRM: no Lead, and no Case any more", [[], []], [zoho.records("Leads"), zoho.records("Cases")])
      that("Zoho CRM: no field was sent that it does not have", {}, zoho.ignored_fields)
    end

    def users_of_zendesk
      emails = zendesk.users.map { |user| user["email"] }
      that("Zendesk: two users, once each", %w[ana@example.com tom@acme.example], emails.sort)
      that("Zendesk: it mailed nobody", [], zendesk.verification_mails)
    end

    def tickets_of_zendesk
      tickets = zendesk.tickets.to_h { |ticket| ticket.values_at("subject", "status") }
      that("Zendesk: the enquiry is new, the support ticket is solved",
           { "Property Inquiry - AC-204" => "new", "Photos do not load" => "solved" }, tickets)
      comments = zendesk.tickets.map { |ticket| zendesk.comments(ticket["id"]).size }
      that("Zendesk: two tickets, and the reply in one of them", [1, 2], comments)
    end

    def internal_notes
      heard = stage.systems.flat_map { |system| system.fake.requests.map { |request| request.body.to_s } }
      that("All: nobody heard what was said among colleagues", [], heard.grep(/#{Regexp.escape(Cast::SECRET)}/))
    end

    def webhook(slug, system)
      receiver = system.fake
      that("#{system.name}: every signature was good", [200], receiver.requests.map(&:status).uniq)
      that("#{system.name}: no event came twice", {}, receiver.repeats)
      that("#{system.name}: every event is of #{slug}", [slug], receiver.events.map { |event| event["website"] }.uniq)
    end

    def own_tables
      that("Outbox: every delivery ended well", %w[skipped succeeded], PwbCrm::Delivery.distinct.pluck(:state).sort)
      that("Links: each leads to something, but that to the reply, which Zoho deleted with its Case",
           ["Zoho CRM of acme: comment"], dangling)
      mirrored = stage.acme.contacts.reload.map { |contact| contact.details["zoho_id"] }
      that("Contact: its details name its Zoho id", [ana_in_zoho], mirrored)
    end

    def zoho = stage.zoho.fake

    def zendesk = stage.zendesk.fake

    def ana_in_zoho = zoho.records("Contacts").first&.fetch("id")

    def dangling
      systems = stage.systems.index_by { |system| system.integration.id }
      lost = PwbCrm::Link.all.reject { |link| systems.fetch(link.integration_id).holds?(link) }
      lost.map { |link| "#{systems.fetch(link.integration_id).name}: #{link.record_type}" }
    end
  end
end
