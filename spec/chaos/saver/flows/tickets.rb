# frozen_string_literal: true

module Chaos
  class Saver
    class Flows
      # Support tickets: their first message saves them a second time inside the transaction that makes them.
      module Tickets
        PRIORITIES = %w[low normal high urgent].freeze

        def new_ticket
          mark = cast.mark("support_ticket")
          ticket = saved("support_ticket", mark) do
            Pwb::SupportTicket.create!(website_id: mark.tenant, creator: cast.user, subject: "#{mark} Broken",
                                       description: "#{mark} The map is blank", priority:)
          end
          keep("support_ticket", ticket)
        end

        def change_ticket
          ticket = own("support_ticket") or return new_ticket
          mark = Mark.in(ticket.subject, "t").next
          text = { description: "#{mark} The map is grey" } if chance?(0.3)
          saved("support_ticket", mark) do
            ticket.tap { ticket.update!(subject: "#{mark} Broken", priority:, **text.to_h) }
          end
        end

        # A reply, or an internal note, counts up a column of the ticket that nobody outside is told of.
        def reply
          ticket = own("support_ticket") or return
          mark = cast.mark("comment").with(tenant: ticket.website_id)
          saved("comment", mark) do
            Pwb::TicketMessage.create!(support_ticket: ticket, user: ticket.creator, content: "#{mark} Any news?",
                                       internal_note: chance?(0.3))
          end
        end

        private

        def priority = PRIORITIES.sample(random:)
      end
    end
  end
end
