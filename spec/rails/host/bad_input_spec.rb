# frozen_string_literal: true

require "rails_helper"

# What hosts and remotes come up with. Each ends in a retry at a time, a reconnect or a dead letter
# that names the record; nothing is lost, and what comes later still goes out.
RSpec.describe "bad input" do
  include_context "with remotes"

  def delivery(integration, type = "contact") = integration.deliveries.where(record_type: type).order(:id).last

  describe "from the host" do
    it "may be a person without an e-mail" do
      contact(site, primary_email: nil)
      drain_all
      expect(zoho.records("Contacts").sole).to include("Last_Name" => "Ruiz")
      expect(zendesk.users.sole).to include("name" => "Ana Ruiz")
      expect(states).to eq("succeeded" => 3)
    end

    it "may have names of 500 characters" do
      contact(site, first_name: "Ä" * 500, last_name: "ö" * 500)
      drain_all
      expect(states).to eq("succeeded" => 3)
      expect(zoho.records("Contacts").sole["Last_Name"].length).to be_between(1, 80)
    end

    it "may be emoji and invalid UTF-8" do
      contact(site, first_name: "Zoë 🏡")
      allow_any_instance_of(Pwb::Contact) # rubocop:disable RSpec/AnyInstance -- PostgreSQL refuses to hold it
        .to receive(:last_name).and_return("bro\xFFken\0")
      drain_all
      expect(states).to eq("succeeded" => 3)
      expect(zoho.records("Contacts").sole).to include("First_Name" => "Zoë 🏡", "Last_Name" => "bro\uFFFDken")
    end

    it "may be nil everywhere" do
      Pwb::Contact.create!(website: site)
      Pwb::Message.create!(website: site)
      Pwb::SupportTicket.create!(website: site, creator: Pwb::User.create!, status: nil, priority: nil)
      drain_all

      expect(states.keys - %w[succeeded skipped failed]).to be_empty
      expect(PwbCrm::Delivery.where(state: %w[skipped failed])).to all(have_attributes(error_message: be_present))
      expect(hook.deliveries.pluck(:state).uniq).to eq(%w[succeeded])
    end

    it "may be a message without contact and property" do
      orphan = message(site, content: "Hello?")
      drain_all
      expect(delivery(crm, "message")).to have_attributes(state: "skipped", error_message: be_present)
      expect(delivery(desk, "message")).to have_attributes(state: "skipped", error_message: be_present)
      expect(receiver.events.sole["data"]).to include("message" => "Hello?", "property_reference" => nil)
      expect(orphan.reload).to be_present
    end

    it "may be a message with another tenant's contact and property: neither is sent, nor looked up" do
      other = website
      stranger = contact(other, last_name: "Stranger", primary_email: "stranger@example.com")
      crm.links.create!(record_type: "contact", record_id: stranger.id, external_type: "Contacts", external_id: "1")
      asset = Pwb::RealtyAsset.create!(website: other, reference: "ALIEN", slug: "villa")
      message(site, contact: stranger, realty_asset: asset, sender_email: "mia@example.com")
      drain_all
      all = [zoho.records("Contacts"), zoho.records("Notes"), zendesk.users, zendesk.tickets, receiver.events].to_s
      expect(all).to include("mia@example.com")
      expect(all).not_to match(/stranger|ALIEN/i)
      expect(crm.links.where(record_type: "contact").pluck(:external_id)).to eq(%w[1])
      expect(receiver.events.sole["data"]).to include("contact_id" => nil)
    end

    it "may have uuid, bigint and integer ids" do
      records = [ticket(site), contact(site), message(site, contact: Pwb::Contact.last)]
      drain_all
      expect(hook.links.pluck(:record_id)).to match_array(records.map { |record| record.id.to_s })
      expect(states).to eq("succeeded" => 9)
    end

    it "may be a website without a subdomain" do
      site.update!(subdomain: nil)
      message(site, contact: contact(site))
      drain_all
      expect(states).to eq("succeeded" => 6)
      expect(receiver.events.map { |event| event["website"] }.uniq).to eq(["website-#{site.id}"])
    end

    it "may be half a config: nothing is sent, nothing is lost, and the state says what is missing" do
      crm.update!(config: { api_domain: "" })
      expect(crm).to have_attributes(status: :incomplete, status_message: /lacks api_domain/)
      contact(site)
      drain_all
      expect(zoho.requests).to be_empty
      expect(states).to eq("pending" => 1, "succeeded" => 2)
      crm.update!(config: zoho_config)
      drain_all
      expect(zoho.records("Contacts").size).to eq(1)
    end

    it "may be a config that is wrong: the same, until it is corrected" do
      desk.assign_attributes(config: { subdomain: "evil.example/?" })
      expect(desk).not_to be_valid
      desk.save!(validate: false)
      contact(site)
      drain_all
      expect(desk.reload).to have_attributes(status: :paused, status_message: /subdomain must be only the part/)
      expect(delivery(desk)).to have_attributes(state: "pending", attempts: 0)
      desk.update!(config: { subdomain: "acme" })
      drain_all
      expect(zendesk.users.size).to eq(1)
    end
  end

  describe "from a remote" do
    let!(:first) { contact(site, first_name: "First", primary_email: "first@example.com") }

    # What a fault makes of the first record on each platform.
    def suffer(*platforms, **)
      platforms.each { |platform| fakes.fetch(platform).fail_next(**) }
      drain_all
      PwbCrm::Integration.for_platform(platforms).map { |integration| integration.deliveries.sole }
    end

    def later_ones_arrive
      contact(site, first_name: "Second", primary_email: "second@example.com")
      drain_all
      people = { zoho: zoho.records("Contacts"), zendesk: zendesk.users, receiver: receiver.events }
      expect(people.transform_values(&:to_s)).to match(people.transform_values { include("second@example.com") })
    end

    {
      "400" => { status: 400 }, "422" => { status: 422 }, "403" => { status: 403 }, "404" => { status: 404 }
    }.each do |name, fault|
      it "may be a #{name}: a dead letter with a message that names the record" do
        rows = suffer(*fakes.keys, **fault)
        expect(rows.size).to eq(3)
        expect(rows).to all(have_attributes(state: "failed", attempts: 1, error_code: be_present,
                                            error_message: /\Acontact #{first.id}\b.+\. [A-Z]/))
        later_ones_arrive
      end
    end

    it "may be a 401: a renewal of the token, else a reconnect in which nothing is lost" do
      zoho.fail_next(20, status: 401)
      zendesk.fail_next(20, status: 401)
      drain_all
      expect([crm, desk].map { |integration| integration.reload.status }).to eq(%i[reconnect reconnect])
      expect([delivery(crm), delivery(desk)]).to all(have_attributes(state: "pending", attempts: 0))

      [zoho, zendesk].each { |fake| fake.fail_next(1, status: 401) && fake.reset! }
      crm.connect!(access_token: "zoho-token")
      desk.connect!(access_token: "zendesk-token")
      drain_all
      expect(states).to eq("succeeded" => 3)
    end

    {
      "a 500" => { status: 500 }, "a 502" => { status: 502 },
      "a timeout" => { delay: 3600 }, "a reset before it is accepted" => { reset: :before },
      "a reset after it was accepted" => { reset: :after }, "HTML" => { garbage: :html },
      "an empty body" => { garbage: :empty }, "half a body" => { garbage: :truncated }
    }.each do |name, fault|
      it "may be #{name}: another attempt at a time" do
        # What a webhook's receiver says beside its status does not count.
        platforms = fault.key?(:garbage) ? %w[zoho_crm zendesk] : fakes.keys
        rows = suffer(*platforms, **fault)
        expect(rows.size).to eq(platforms.size)
        expect(rows).to all(have_attributes(state: "pending", attempts: 1, error_code: be_present,
                                            error_message: /\Acontact #{first.id}\b/))
        later_ones_arrive
        expect(states).to eq("succeeded" => 6)
        expect([zoho.records("Contacts").size, zendesk.users.size]).to eq([2, 2])
      end
    end

    it "may be a pause, of seconds or until a date: the integration waits, and no attempt is counted" do
      date = 10.minutes.from_now.round
      [{ status: 429, headers: { "retry-after" => date.httpdate } }, { status: 429, retry_after: 600 },
       { status: 503, retry_after: 600 }].each do |fault|
        rows = suffer(*fakes.keys, **fault)
        expect(rows).to all(have_attributes(state: "pending", attempts: 0, error_message: /\Acontact #{first.id}\b/))
        pauses = [crm, desk, hook].map { |integration| integration.reload.paused_until }
        expect(pauses).to all(be_between(date - 5.seconds, date + 30.seconds))
      end
      later_ones_arrive
      expect(states).to eq("succeeded" => 6)
    end

    it "may be a receiver that is gone: it is paused and says why, and nothing is lost" do
      receiver.fail_next(status: 410)
      drain_all
      expect(hook.reload).to have_attributes(status: :paused, status_message: /asks us to stop/)
      expect(delivery(hook)).to have_attributes(state: "pending", attempts: 0)
      hook.resume!
      drain_all
      expect(receiver.events.size).to eq(1)
    end

    it "never gets its secrets into a log or a message" do
      suffer(*fakes.keys, status: 400)
      text = [PwbCrm::SyncLog, PwbCrm::Delivery].map { |model| model.all.to_json }.join + crm.reload.last_error.to_s
      expect(text).not_to match(/zoho-token|zendesk-token|whsec_|first@example\.com/)
    end
  end
end
