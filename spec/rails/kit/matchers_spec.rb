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

  # What is said of what is there, and of what is not.
  def both(actual, matcher) = [said { expect(actual).to matcher }, said { expect(actual).not_to matcher }]

  def complain_of(words) = raise_error(PwbCrm::Testing::UsageError, words)

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

    it "fails where no integration is meant, also negated" do
      words = "no active integration is meant"
      expect(said { expect(PwbCrm).not_to have_synced(person).to(:webhook) }).to match(/expected not to have.*#{words}/)
      expect(said { expect { drain_crm! }.not_to have_synced(contact(website)) }).to include(words)
      other = PwbCrm::Testing::FakeZendesk.new
      expect(both(other, have_synced(person))).to all(include(words, "This fake stands for none"))
    end

    it "fails where an integration is not active, unless it is meant by itself" do
      desk.update!(active: false)
      words = "no active integration is meant: #{desk.label} is not active"
      expect(both(zendesk, have_synced(person))).to all(include(words))
      expect(both(PwbCrm, have_synced(person).to(:zendesk))).to all(include(words))
      expect(desk).not_to have_synced(person)
    end

    it "minds what it is asked of, and about" do
      expect { expect(person.first_name).not_to have_synced(person) }
        .to complain_of(/A String holds no records: expect\(…\) takes an integration, a fake, PwbCrm or a block/)
      expect { have_synced(site) }.to complain_of(/Website is none of Pwb::Contact/)
      expect { have_synced(Pwb::Contact) }.to complain_of(/a record, and not a class/)
      expect { have_synced(nil) }.to complain_of(/NilClass is none of/)
      expect { have_synced(person).to(:zendsk) }
        .to complain_of(/no platform :zendsk; did you mean :zendesk\? There are zoho, webhook, zoho_crm/)
    end

    it "adds up the fields it is told of" do
      drain_crm!
      expect(zendesk).to have_synced(person).with(email: "ana@example.com").with(name: /Ana/)
      expect(said { expect(zendesk).to have_synced(person).with(email: "eva@example.com").with(name: /Ana/) })
        .to include('with {"email"=>"eva@example.com", "name"=>/Ana/}')
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

    it "takes a class for its kind" do
      contact(site)
      expect(crm).to have_queued_crm_delivery(Pwb::Contact).once
      expect(crm).not_to have_queued_crm_delivery(Pwb::Message)
      expect(said { expect(crm).not_to have_queued_crm_delivery(Pwb::Contact) }).to include("expected not to have")
    end

    it "minds names, which nothing would be found by" do
      expect { have_queued_crm_delivery(:contacts) }
        .to complain_of(/no kind :contacts; did you mean :contact\? There are contact, message, support_ticket, comm/)
      expect { have_queued_crm_delivery(action: :created) }
        .to complain_of(/no action :created; did you mean :create\? There are create, update, delete, erase/)
    end

    it "minds what it is asked of, and about" do
      expect { have_queued_crm_delivery.to(:zendsk) }.to complain_of(/no platform :zendsk; did you mean :zendesk/)
      [site, site.class, 7].each { |other| expect { have_queued_crm_delivery(other) }.to complain_of(/none of|kind 7/) }
      expect { have_queued_crm_delivery.exactly("1") }.to complain_of(/"1" is no number of deliveries/)
      expect { have_queued_crm_delivery.exactly(-1) }.to complain_of(/-1 is no number/)
      expect { expect(nil).not_to have_queued_crm_delivery }.to complain_of(/NilClass holds no records/)
    end

    it "fails for a fake that stands for no integration, and not for a website without one" do
      other = PwbCrm::Testing::FakeZendesk.new
      expect(both(other, have_queued_crm_delivery)).to all(include("This fake stands for none"))
      expect { contact(website) }.not_to have_queued_crm_delivery.to(:zendesk)
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
        .to complain_of(/no health :well\. There are healthy, degraded/)
      expect { have_crm_health(:helthy) }.to complain_of(/no health :helthy; did you mean :healthy\?/)
    end

    it "goes together with others" do
      expect(crm).to have_crm_health(:healthy).and(have_attributes(platform: "zoho_crm"))
      expect([crm, desk]).to all(have_crm_health(:healthy)).and include(have_crm_health("healthy"))
    end

    it "is an integration's" do
      [nil, zendesk, PwbCrm].each do |other|
        expect { expect(other).not_to have_crm_health(:healthy) }.to complain_of(/has no health: expect\(integration\)/)
      end
      crm.destroy!
      expect { expect(crm).not_to have_crm_health(:healthy) }.to complain_of(/#{Regexp.escape(crm.label)} is no longer/)
    end
  end
end
