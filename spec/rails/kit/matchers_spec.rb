# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Testing::Matchers do
  let(:site) { website(subdomain: "acme") }
  let!(:crm) do
    integration(site, "zoho_crm", config: { access_token: "zoho-token", api_domain: "https://www.zohoapis.com" })
  end
  let!(:desk) { integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" }) }
  let!(:zoho) { fake!(:zoho) }
  let!(:zendesk) { fake!(:zendesk) }

  # What a failed expectation says.
  def said
    yield
    nil
  rescue RSpec::Expectations::ExpectationNotMetError => e
    e.message
  end

  describe "have_synced" do
    let!(:person) { contact(site) }

    it "finds what the fakes hold, by link" do
      expect { drain_crm! }.to have_synced(person).to(:zendesk).with(email: "ana@example.com", name: /Ruiz/)
      expect(zoho).to have_synced(person).with(last_name: "Ruiz", Email: start_with("ana"))
      expect(desk).to have_synced(person)
      expect(PwbCrm).to have_synced(person)
    end

    it "is not content with one of several" do
      drain_crm!(desk)
      expect(PwbCrm).to have_synced(person).to(:zendesk)
      expect(crm).not_to have_synced(person)
      message = said { expect(PwbCrm).to have_synced(person) }
      expect(message).to include("have synced contact #{person.id}", crm.label, "due:")
      expect(said { expect(PwbCrm).not_to have_synced(person) }).to include("it is at #{desk.label}")
    end

    it "says what the remote holds instead" do
      drain_crm!
      expect(said { expect(zendesk).to have_synced(person).with(email: "eva@example.com") })
        .to include('with {"email"=>"eva@example.com"}', 'it holds {"email"=>"ana@example.com"}')
      expect(zendesk).not_to have_synced(person).with(nickname: nil)
    end

    it "misses what was deleted there, and what was never noted" do
      drain_crm!
      zendesk.delete_user(zendesk.users.sole["id"])
      expect(said { expect(zendesk).to have_synced(person) }).to include("it is no longer there")
      PwbCrm::Delivery.delete_all
      PwbCrm::Link.delete_all
      expect(said { expect(desk).to have_synced(person) }).to match(/no  noted: /)
    end

    it "fails where no integration is meant" do
      expect(said { expect(PwbCrm).to have_synced(person).to(:webhook) }).to include("no active integration is meant")
    end

    it "goes by the link where there is no fake, but then knows no fields" do
      drain_crm!
      configure(transport: ->(_) {})
      expect(desk).to have_synced(person)
      expect { expect(desk).to have_synced(person).with(email: "x") }
        .to raise_error(PwbCrm::Testing::UsageError, /needs a fake of #{Regexp.escape(desk.label)}/)
    end

    it "reads tickets, replies and events, too" do
      hook = webhook(site, config: { webhook_secret: PwbCrm::Testing::WEBHOOK_SECRET })
      fake!(:webhook)
      broken = ticket(site)
      reply = Pwb::TicketMessage.create!(support_ticket: broken, user:, content: "It is mended", internal_note: false)
      drain_crm!
      expect(zendesk).to have_synced(reply).with(body: /mended/)
      expect(hook).to have_synced(broken).with(subject: "Broken")
      expect(zendesk).to have_synced(broken).with(subject: /Broken/)
      expect(zoho).to have_synced(broken).with(subject: /Broken/)
    end
  end

  describe "have_queued_crm_delivery" do
    it "counts what a block notes, and what joins a delivery in line" do
      person = nil
      expect { person = contact(site) }.to have_queued_crm_delivery.twice
      expect { person.update!(first_name: "Eva") }.to have_queued_crm_delivery(person).to(:zoho).once
      expect { person.update!(updated_at: 1.minute.from_now) }.not_to have_queued_crm_delivery
    end

    it "finds what is in line, by record, kind, action and integration" do
      person = contact(site)
      expect(PwbCrm).to have_queued_crm_delivery(person).exactly(2).times
      expect(crm).to have_queued_crm_delivery("contact", action: :create).once
      expect(zendesk).to have_queued_crm_delivery(person).once
      expect(crm).not_to have_queued_crm_delivery(:message)
      expect(crm).not_to have_queued_crm_delivery(person, action: :delete)
    end

    it "says what there is" do
      person = contact(site)
      expect(said { expect(crm).to have_queued_crm_delivery(person).twice })
        .to include("2 times", "there are contact #{person.id} (create) for integration #{crm.id}")
      expect(said { expect(crm).to have_queued_crm_delivery(:message) })
        .to end_with("have queued message, but there is none")
      expect(said { expect(crm).not_to have_queued_crm_delivery(person) })
        .to include("expected not to have queued contact")
    end
  end

  describe "have_crm_health" do
    it "tells how an integration is, and why" do
      expect(crm).to have_crm_health(:healthy)
      crm.pause!("moving house")
      expect(crm).to have_crm_health("paused_by_you")
      expect(said { expect(crm).to have_crm_health(:degraded) })
        .to match(/health degraded, but it is paused_by_you: .*moving house/)
      expect(said { expect(crm).not_to have_crm_health(:paused_by_you) }).to include("moving house")
    end

    it "knows the states that there are" do
      expect { have_crm_health(:well) }
        .to raise_error(PwbCrm::Testing::UsageError, /:well; there are healthy, degraded/)
    end
  end
end
