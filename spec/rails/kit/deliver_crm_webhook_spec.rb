# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe "deliver_crm_webhook" do
  let(:site) { website(subdomain: "acme") }
  let(:token) { "t0ken-of-the-channel" }
  let!(:crm) do
    integration(site, "zoho_crm", config: { access_token: "zoho-token", api_domain: "https://www.zohoapis.com",
                                            hook_token: token })
  end
  let!(:desk) do
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token",
                                           hook_secret: "desk-secret" })
  end
  let(:told) { [] }
  let(:broken) { ticket(site) }

  before do
    secret = PwbCrm::Testing::WEBHOOK_SECRET
    webhook(site, config: { webhook_secret: secret, inbound_secret: secret })
    %i[zoho zendesk webhook].each { |system| fake!(system) }
    handler = ->(record, change) { told << [record.id, change.fields] }
    configure(inbound_handlers: { contact: handler, support_ticket: handler })
    broken
    drain_crm!
  end

  it "is taken as Zendesk's, and applied" do
    expect(deliver_crm_webhook(:zendesk, broken, status: "solved")).to eq(200)
    expect(PwbCrm::InboundEvent.sole).to have_attributes(event_type: "ticket.status_changed", integration: desk)
    drain_crm!
    expect(told.sole).to match([broken.id, include("status" => "SOLVED")])
  end

  describe "tells of a ticket what Zendesk tells:" do
    def body(**fields)
      deliver_crm_webhook(:zendesk, broken, **fields)
      PwbCrm::InboundEvent.last.payload
    end

    it "ids as text, and some words in capitals" do
      expect(body(assignee_id: 5, priority: "high")).to include(
        "type" => "zen:event-type:ticket.agent_assignment_changed", "event" => { "current" => "5", "previous" => nil },
        "detail" => { "id" => /\A\d+\z/, "assignee_id" => "5", "priority" => "HIGH" }
      )
    end

    it "a comment with its id and author" do
      told = body(comment: "Is it <done>?")
      expect(told["type"]).to eq("zen:event-type:ticket.comment_added")
      expect(told.dig("event", "comment")).to match(
        "id" => /\A\d+\z/, "body" => "Is it <done>?", "html_body" => "<p>Is it &lt;done&gt;?</p>", "is_public" => true,
        "author" => { "id" => "1", "is_staff" => true, "name" => "Agent" }
      )
      among = body(comment: { body: "Among us", is_public: false, author: { id: 7, name: "Bo" } })
      expect(among.dig("event", "comment")).to include("is_public" => false,
                                                       "author" => { "id" => "7", "is_staff" => true, "name" => "Bo" })
    end

    it "a custom field by its id, in the event and not in the detail" do
      told = body(**{ "360001": "R-1" })
      expect(told).to include("type" => "zen:event-type:ticket.custom_field_changed",
                              "event" => { "current" => "R-1", "previous" => nil, "field" => { "id" => "360001" } })
      expect(told["detail"].keys).to eq(%w[id])
      drain_crm!
      expect(PwbCrm::InboundEvent.last).to have_attributes(state: "applied", error_code: nil)
    end

    it "tags by what came" do
      expect(body(tags: %w[vip])["event"]).to eq("tags_added" => %w[vip], "tags_removed" => [])
    end

    it "and nothing else" do
      expect { body(reference: "R-1") }.to complain_of(/nothing of a ticket's reference.*custom field by its id/)
      expect { body(**{ "1": "a", "2": "b" }) }.to complain_of(/One custom field at a time/)
      expect { body(status: "resolved") }
        .to complain_of(/no status of a ticket "resolved"\. There are new, open, pending, hold, solved/)
      expect { body(priority: "hihg") }.to complain_of(/priority of a ticket "hihg"; did you mean "high"\?/)
      expect { body(status: "open", event: "nope nope") }.to complain_of(/no event of Zendesk's "nope nope"/)
      expect { body(updated_at: "2026-01-01T00:00:00Z") }.to complain_of(/no event of Zendesk's "ticket.updated_at_/)
    end

    it "also that it was merged, or made" do
      expect(body(event: "ticket.merged", status: "closed")["type"]).to eq("zen:event-type:ticket.merged")
      expect(body(priority: nil)["event"]).to eq("current" => nil, "previous" => nil)
      expect(body["type"]).to eq("zen:event-type:ticket.created")
    end
  end

  it "tells of a person what Zendesk tells: a name in the event alone" do
    deliver_crm_webhook(:zendesk, "9", type: "user", name: "Bo")
    expect(PwbCrm::InboundEvent.last.payload).to include("type" => "zen:event-type:user.name_changed",
                                                         "detail" => { "id" => "9" },
                                                         "event" => { "current" => "Bo", "previous" => nil })
    deliver_crm_webhook(:zendesk, "9", type: "user", email: "bo@example.com")
    expect(PwbCrm::InboundEvent.last.payload)
      .to include("type" => "zen:event-type:user.identity_changed", "detail" => include("email" => "bo@example.com"))
    expect { deliver_crm_webhook(:zendesk, "9", type: "user", emial: "x") }
      .to complain_of(/nothing of a user's emial: an event has email, external_id/)
    expect { deliver_crm_webhook(:zendesk, "9", type: "user", role: "boss") }.to complain_of(/role of a user "boss"/)
    expect { deliver_crm_webhook(:zendesk, "9", type: "user", event: "user.phone_changed") }.to complain_of(/no event/)
  end

  it "tells of a record what Zoho tells" do
    deliver_crm_webhook(:zoho, "77", event: "delete")
    expect(PwbCrm::InboundEvent.last).to have_attributes(event_type: "Contacts.delete", external_id: "77",
                                                         payload: include("fields" => nil, "values" => nil))
    expect { deliver_crm_webhook(:zoho, "77", event: "edit") }.to complain_of(/no operation "edit".*insert, update/)
  end

  it "is taken as Zoho's, and applied" do
    person = contact(site)
    drain_crm!
    expect(deliver_crm_webhook(:zoho, person, Phone: "555")).to eq(200)
    expect(PwbCrm::InboundEvent.sole.event_type).to eq("Contacts.update")
    drain_crm!
    expect(told).to eq([[person.id, { "Phone" => "555" }]])
  end

  it "is taken as a webhook's, and applied" do
    expect(deliver_crm_webhook(:webhook, broken, subject: "Mended", event: "ticket.closed")).to eq(200)
    drain_crm!
    expect(told.sole).to match([broken.id, include("subject" => "Mended")])
    expect { deliver_crm_webhook(:webhook, broken, event: "nope nope") }
      .to complain_of(/begins with contact, message or ticket.*not "nope nope"/)
  end

  it "tells each of several in its turn, and a repeat once" do
    %w[open pending solved].each { |status| deliver_crm_webhook(:zendesk, broken, status:) }
    2.times { deliver_crm_webhook(:zoho, "999", Phone: "1", type: "Leads", at: Time.at(1_700_000_000)) }
    drain_crm!
    expect(told.map { |_, fields| fields["status"] }).to eq(%w[OPEN PENDING SOLVED])
    expect(PwbCrm::InboundEvent.where(integration: crm).sole.error_code).to eq("foreign")
  end

  it "is refused with another secret, or too late" do
    expect(deliver_crm_webhook(:zendesk, broken, status: "open", secret: "another")).to eq(401)
    expect(deliver_crm_webhook(:zoho, "9", secret: "another-t0ken-of-it")).to eq(401)
    expect(deliver_crm_webhook(:webhook, broken, at: 1.hour.ago)).to eq(401)
    expect(PwbCrm::InboundEvent.count).to eq(0)
  end

  it "does without a route of the host's" do
    allow(PwbCrm::Routing).to receive(:path).and_raise(PwbCrm::ConfigurationError, "none")
    expect(deliver_crm_webhook(:zendesk, broken, comment: "Is it done?")).to eq(200)
    expect(PwbCrm::InboundEvent.sole.event_type).to eq("ticket.comment_added")
  end

  it "sends nothing about a reply, of which Zendesk tells as an event of its ticket" do
    said = reply(broken)
    drain_crm!
    expect(PwbCrm::Link.where(integration: desk, record_type: "comment")).to exist
    expect { deliver_crm_webhook(:zendesk, said, status: "open") }.to complain_of(/a comment.*tell of the ticket/)
    expect { deliver_crm_webhook(:zendesk, "9", type: "comment") }.to complain_of(/only about ticket, user/)
    expect(deliver_crm_webhook(:zendesk, "9", type: "user", event: "user.active_changed")).to eq(200)
  end

  it "minds what it is to tell of" do
    [nil, "", 4.5, [broken]].each do |other|
      expect { deliver_crm_webhook(:zendesk, other) }.to complain_of(/a record that is linked, or of the remote's id/)
    end
    expect { deliver_crm_webhook(:zendesk, site) }.to complain_of(/Website is none of Pwb::Contact/)
    expect { deliver_crm_webhook(:zoho, "1", integration: desk) }
      .to complain_of(/has to be one of zoho_crm, but is #{Regexp.escape(desk.label)}/)
    expect { deliver_crm_webhook(:zoho, "1", integration: site) }.to complain_of(/but is a Pwb::Website/)
  end

  it "names the integrations that take nothing in" do
    desk.update!(active: false)
    expect { deliver_crm_webhook(:zendesk, "1") }
      .to complain_of(/No integration of zendesk takes anything in: #{Regexp.escape(desk.label)} is not active/)
    expect { deliver_crm_webhook(:zendesk, broken) }.to complain_of(/zendesk of the support_ticket's website takes/)
    expect(deliver_crm_webhook(:zendesk, "1", integration: desk)).to eq(404)
    PwbCrm::Integration.where(id: desk.id).delete_all
    expect { deliver_crm_webhook(:zendesk, "1") }.to complain_of(/There is no integration of zendesk\./)
  end

  it "says what it lacks" do
    PwbCrm::Link.delete_all
    expect { deliver_crm_webhook(:zendesk, broken) }.to complain_of(/has no link/)
    desk.update!(config: desk.config.except("hook_secret"))
    expect { deliver_crm_webhook(:zendesk, "1") }.to complain_of(/no hook_secret/)
    expect { deliver_crm_webhook(:hubspot, "1") }.to complain_of(/no webhook from "hubspot"/)
    integration(website, "zendesk", config: { subdomain: "b", access_token: "x" })
    expect { deliver_crm_webhook(:zendesk, "1") }.to complain_of(/several integrations of zendesk: .* integration:/)
    expect(deliver_crm_webhook(:zendesk, "1", integration: desk, secret: "x")).to eq(401)
  end

  def complain_of(words) = raise_error(PwbCrm::Testing::UsageError, words)
end
