# frozen_string_literal: true

module Pwb
  # A reply in a support ticket.
  class TicketMessage < ApplicationRecord
    belongs_to :support_ticket, class_name: "Pwb::SupportTicket"
    belongs_to :user, class_name: "Pwb::User"

    before_create { self.id ||= SecureRandom.uuid }
    after_create :update_ticket_counters

    private

    def update_ticket_counters
      support_ticket.update!(message_count: support_ticket.message_count + 1, last_message_at: Time.current)
    end
  end
end
