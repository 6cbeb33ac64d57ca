# frozen_string_literal: true

# What is commented out is the default. PwbCrm::Configuration documents every setting; an unknown
# name raises, with a suggestion.
PwbCrm.configure do |config|
  # The host's models. The first four are delivered; they need no change of their own. The migrations refer to the
  # table of website_class.
  # config.contact_class = "Pwb::Contact"
  # config.message_class = "Pwb::Message"
  # config.support_ticket_class = "Pwb::SupportTicket"
  # config.comment_class = "Pwb::TicketMessage"
  # config.website_class = "Pwb::Website"
  # config.user_class = "Pwb::User"

  # How a field is read, where the host calls it something else: a method, several to try, a lambda.
  # config.readers = { message: { text: %i[message content] } }

  # Columns whose change is worth delivering.
  # config.watched = { support_ticket: %w[subject description status priority category] }

  # What is left out.
  # config.skip_website = ->(website) { website.demo? }
  # config.skip_record = ->(record) { false }

  # Seconds in which further saves of a record join the delivery of the first one.
  # config.settle_time = 5

  # The OAuth apps, for integrations without one of their own.
  # config.zoho_client_id = ENV["PWB_CRM_ZOHO_CLIENT_ID"]
  # config.zoho_client_secret = ENV["PWB_CRM_ZOHO_CLIENT_SECRET"]
  # config.zendesk_client_id = ENV["PWB_CRM_ZENDESK_CLIENT_ID"]
  # config.zendesk_client_secret = ENV["PWB_CRM_ZENDESK_CLIENT_SECRET"]

  # The kill switch: nothing is sent while it is false, and nothing is lost.
  # config.enabled = -> { Flipper.enabled?(:crm) }
end
