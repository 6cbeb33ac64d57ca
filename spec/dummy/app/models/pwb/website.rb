# frozen_string_literal: true

module Pwb
  # The tenant.
  class Website < ApplicationRecord
    has_many :contacts, class_name: "Pwb::Contact", dependent: :destroy
    has_many :messages, class_name: "Pwb::Message", dependent: :destroy
    has_many :support_tickets, class_name: "Pwb::SupportTicket", dependent: :destroy
    # Taken by the host: ours must never be looked for here.
    has_many :integrations, class_name: "Pwb::WebsiteIntegration", dependent: :destroy

    # The host overrides the column with a fixed word.
    def slug = "website"

    def primary_url
      return "https://#{custom_domain}" if custom_domain.present?

      "https://#{subdomain}.example.com" if subdomain.present?
    end

    def demo? = demo_mode
  end
end
