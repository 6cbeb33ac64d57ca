# frozen_string_literal: true

module Pwb
  # A tenant's question to the platform.
  class SupportTicket < ApplicationRecord
    belongs_to :website, class_name: "Pwb::Website"
    belongs_to :creator, class_name: "Pwb::User"
    has_many :messages, class_name: "Pwb::TicketMessage", dependent: :destroy

    enum :status, { open: 0, in_progress: 1, waiting_on_customer: 2, resolved: 3, closed: 4 }, prefix: true
    enum :priority, { low: 0, normal: 1, high: 2, urgent: 3 }, prefix: true

    before_create { self.id ||= SecureRandom.uuid }
    before_create { self.ticket_number ||= "TKT-#{SecureRandom.hex(4).upcase}" }
    after_create :create_initial_message

    def resolve! = update!(status: :resolved, resolved_at: Time.current)

    private

    # As in the host: the first message updates this ticket through another instance.
    def create_initial_message
      TicketMessage.create!(support_ticket_id: id, user: creator, content: description)
    end
  end
end
