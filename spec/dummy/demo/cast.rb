# frozen_string_literal: true

module Demo
  # Who and what the story is about.
  module Cast
    # What is said among colleagues.
    SECRET = "Tom never compresses them: raise his quota quietly."

    class << self
      # @param website [Pwb::Website]
      # @return [Pwb::Message] not saved
      def enquiry(website, **)
        website.messages.build(content: "Is it still free?\nCould I see it on Saturday?", **)
      end

      # @param website [Pwb::Website]
      # @return [Pwb::Contact] not saved; PropertyWebBuilder's forms put the whole name into first_name
      def ana(website)
        website.contacts.build(first_name: "Ana Ruiz", primary_email: "ana@example.com",
                               primary_phone_number: "+34 600 000 001")
      end

      # @param website [Pwb::Website]
      # @return [Pwb::RealtyAsset] saved, and listed under its title
      def flat(website)
        names = { reference: "AC-204", slug: "harbour-flat" }
        asset = Pwb::RealtyAsset.create!(website:, formatted_price: "345,000 €", **names)
        Pwb::ListedProperty.create!(id: asset.id, website_id: website.id, title: "Bright flat by the harbour",
                                    for_sale: true, **names)
        asset
      end

      # @param website [Pwb::Website]
      # @return [Pwb::SupportTicket] not saved; who opens it is
      def ticket(website)
        tom = Pwb::User.create!(email: "tom@acme.example", first_names: "Tom", last_names: "Baker")
        website.support_tickets.build(creator: tom, subject: "Photos do not load", category: "technical",
                                      description: "Since this morning.", priority: :urgent)
      end

      # @return [Pwb::User] saved; who works for all websites
      def eva = Pwb::User.create!(email: "eva@support.example", first_names: "Eva", last_names: "Lind")

      # @param ticket [Pwb::SupportTicket]
      # @param author [Pwb::User]
      # @return [Pwb::TicketMessage] not saved; nobody outside may see it
      def note(ticket, author) = said(ticket, author, SECRET, internal_note: true)

      # @param ticket [Pwb::SupportTicket]
      # @param author [Pwb::User]
      # @return [Pwb::TicketMessage] not saved
      def reply(ticket, author) = said(ticket, author, "Please try again, we have moved the photos.")

      private

      def said(ticket, user, content, **)
        Pwb::TicketMessage.new(support_ticket: ticket, user:, content:, **)
      end
    end
  end
end
