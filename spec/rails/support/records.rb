# frozen_string_literal: true

# The records the specs begin with.
module Records
  def website(**attributes)
    Pwb::Website.create!(subdomain: "w#{SecureRandom.hex(4)}", company_display_name: "Acme Homes", **attributes)
  end

  def contact(website, **attributes)
    Pwb::Contact.create!(website:, first_name: "Ana", last_name: "Ruiz", primary_email: "ana@example.com", **attributes)
  end

  def message(website, **) = Pwb::Message.create!(website:, title: "Hello", content: "Is it free?", **)

  def user = Pwb::User.create!(email: "bo@example.com", first_names: "Bo", last_names: "Li")

  def ticket(website, **)
    Pwb::SupportTicket.create!(website:, creator: user, subject: "Broken", description: "The map is blank", **)
  end

  def reply(ticket, content = "We look into it", **)
    Pwb::TicketMessage.create!(support_ticket: ticket, user: ticket.creator, content:, **)
  end

  def integration(website, platform = "scripted", **attributes)
    PwbCrm::Integration.create!(website:, platform:, name: "A #{platform}", **attributes)
  end

  def webhook(website, **) = integration(website, "custom", webhook_url: "https://hooks.example.com/crm", **)

  # Makes everything that waits due, and ends the pauses that remotes asked for or outages made.
  def all_due
    PwbCrm::Integration.where(state_code: %w[limits outage]).note(paused_until: 1.minute.ago)
    PwbCrm::Delivery.waiting.update_all(run_at: 1.minute.ago)
  end

  def drain(integration) = PwbCrm::Conveyor.drain(integration.id)
end

RSpec.configure { |config| config.include Records, :rails }
