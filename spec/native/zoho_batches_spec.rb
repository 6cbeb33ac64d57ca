# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "support/native_help"

# One call of ZohoClient#sync, over real HTTP and through a Ruby transport.
RSpec.describe "Zoho deliveries in batches", :native do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token") }
  let(:settings) { {} }
  let(:client) do
    PwbCrm::ZohoClient.new(access_token: "zoho-token", api_domain: "www.zohoapis.com", shadow_key: "k" * 32, settings:)
  end

  def person(id, **fields) = { kind: "contact", id:, last_name: "L#{id}", email: "#{id}@x.example", **fields }

  def note(id, parent) = [{ kind: "message", id:, text: "T#{id}" }, { parent: }]

  def works(records)
    records.map do |record, more|
      { key: "#{record[:kind]}-#{record[:id]}", action: "upsert", record:, website: { id: 3, slug: "acme" },
        reference: format("PWB-%08x", record[:id]), **more.to_h }
    end
  end

  def sync(records, **more) = client.sync(works(records).map { |work| work.merge(more) })

  def link(outcome)
    { external_type: outcome.external_type, external_id: outcome.id, shadow: outcome.shadow,
      mapping_version: outcome.mapping_version }
  end

  def sent = zoho.requests.map { |request| "#{request.method} #{request.path.delete_prefix("/crm/v8/")}" }

  shared_examples "batches" do
    describe "a hundred contacts" do
      let(:people) { (1..100).map { |id| person(id) } }
      let!(:outcomes) { sync(people) }
      let(:links) { outcomes.map { |outcome| { link: link(outcome) } } }

      it "make one request" do
        expect(sent).to eq(["POST Contacts/upsert"])
        expect(outcomes.map(&:key)).to eq((1..100).map { |id| "contact-#{id}" })
        expect(outcomes.map(&:id)).to eq(zoho.records("Contacts").map { |record| record["id"] })
        expect(outcomes.map(&:action).uniq).to eq([:created])
        expect(outcomes.map { |outcome| outcome.calls.map(&:path) }.uniq).to eq([["/crm/v8/Contacts/upsert"]])
      end

      it "make one for their changes, and none for none" do
        expect(sync(people.zip(links)).map(&:action).uniq).to eq([:unchanged])
        changed = people.map { |one| one.merge(phone: one[:id].to_s) }
        expect(sync(changed.zip(links)).map(&:action).uniq).to eq([:updated])
        expect(sent).to eq(["POST Contacts/upsert", "PUT Contacts"])
        expect(zoho.records("Contacts").map { |one| one["Phone"] }).to eq((1..100).map(&:to_s))
      end
    end

    it "sends notes and cases together, too" do
      parent = { external_type: "Contacts", external_id: zoho.add_record("Contacts", "Last_Name" => "L")["id"] }
      tickets = (11..13).map { |id| { kind: "support_ticket", id:, subject: "S#{id}" } }
      outcomes = sync([note(1, parent), tickets[0], note(2, parent), tickets[1], tickets[2]])
      expect(sent).to contain_exactly("POST Notes", "POST Cases")
      expect(outcomes.map(&:key)).to eq(%w[message-1 support_ticket-11 message-2 support_ticket-12 support_ticket-13])
      expect(outcomes.map(&:external_type)).to eq(%w[Notes Cases Notes Cases Cases])
      expect(zoho.notes_of("Contacts", parent[:external_id]).size).to eq(2)
    end

    it "makes the people behind enquiries in one request, and their notes in another" do
      enquiries = (1..20).map { |id| { kind: "message", id:, text: "T", sender_email: "#{id}@x.example" } }
      expect(sync(enquiries).map { |outcome| outcome.links.first.role }.uniq).to eq(["parent"])
      expect(sent).to eq(["POST Contacts/upsert", "POST Notes"])
    end

    it "keeps one record's refusal to itself" do
      zoho.change_field("Contacts", "Phone", mandatory: true)
      outcomes = sync([person(1, phone: "1"), person(2), person(3, phone: "3")])
      expect(outcomes.map(&:success?)).to eq([true, false, true])
      expect(outcomes[1].error).to be_a(PwbCrm::ValidationError)
        .and have_attributes(code: "MANDATORY_NOT_FOUND", message: start_with("contact 2: "), sent: :yes)
      expect(outcomes[1].calls.first.error_code).to eq("MANDATORY_NOT_FOUND")
      expect(outcomes[0].calls.first.error_code).to be_nil
    end

    it "goes on together with those that have a duplicate, or are gone" do
      zoho.change_field("Contacts", "Phone", unique: true)
      twins = %w[1 2].map { |phone| zoho.add_record("Contacts", "Last_Name" => "Old", "Phone" => phone)["id"] }
      outcomes = sync([person(1, phone: "1", email: nil), person(2, phone: "2", email: nil),
                       person(3, phone: "3", email: nil)])
      expect(outcomes.map(&:id).first(2)).to eq(twins)
      expect(sent).to eq(["POST Contacts", "PUT Contacts"])

      gone = %w[91 92].map { |id| { link: { external_type: "Contacts", external_id: id } } }
      outcomes = sync([[person(4, phone: "4"), gone[0]], [person(5, phone: "5"), gone[1]]])
      expect(outcomes.map { |outcome| [outcome.action, outcome.calls.size] }).to eq([[:created, 2]] * 2)
      expect(sent.last(2)).to eq(["PUT Contacts", "POST Contacts/upsert"])
    end

    it "never has one address twice in a request, and keeps their order" do
      outcomes = sync([person(1, email: "a@x.example"), person(2), person(3, email: "A@X.Example", last_name: "Last")])
      expect(sent).to eq(["POST Contacts/upsert"] * 2)
      expect(outcomes.map(&:action)).to eq(%i[created created updated])
      expect(outcomes[0].id).to eq(outcomes[2].id)
      expect(zoho.records("Contacts").map { |record| record["Last_Name"] }).to eq(%w[Last L2])
    end

    [{ reset: :after }, { status: 500 }].each do |fault|
      it "fails all of a request that fails with #{fault}, and makes nobody twice afterwards" do
        people = (1..3).map { |id| person(id) } + (4..5).map { |id| person(id, email: nil) }
        zoho.fail_next(2, **fault)
        failed = sync(people)
        expect(failed.map { |outcome| outcome.error.sent }.uniq).to eq([:maybe])
        expect(failed.map { |outcome| outcome.error.retryable? }.uniq).to eq([true])
        expect(sync(people, doubt: true)).to all(be_success)
        expect(zoho.records("Contacts").size).to eq(5)
      end
    end

    it "fails all of a request that is answered with 429, begins no other, and makes nobody twice afterwards" do
      people = (1..3).map { |id| person(id) } + (4..5).map { |id| person(id, email: nil) }
      zoho.fail_next(1, status: 429)
      outcomes = sync(people)
      errors = outcomes.filter_map(&:error)
      expect(errors).to all(be_a(PwbCrm::RateLimitError).and(be_retryable))
      expect(errors.select(&:attempted?)).to have_attributes(size: 2..3).and(all(have_attributes(sent: :yes)))
      expect(errors.reject(&:attempted?)).to have_attributes(size: 0).or(all(have_attributes(sent: :no)))
      expect(sync(people.zip(outcomes).filter_map { |one, outcome| one if outcome.failed? })).to all(be_success)
      expect(zoho.records("Contacts").size).to eq(5)
    end

    it "never gives a result to the wrong record when Zoho's answer lacks one" do
      done = { "code" => "SUCCESS", "status" => "success", "action" => "insert", "details" => { "id" => "1" } }
      zoho.fail_next(1, status: 207, body: { "data" => [done, done] })
      outcomes = sync((1..3).map { |id| person(id) })
      expect(outcomes.map(&:id).uniq).to eq([nil])
      expect(outcomes.map { |outcome| [outcome.error.class, outcome.error.sent] }.uniq)
        .to eq([[PwbCrm::RemoteError, :maybe]])
    end

    it "answers each of several works of one key" do
      outcomes = client.sync(works([person(1), person(2)]).map { |work| work.merge(key: "same") })
      expect(outcomes.map(&:id)).to eq(zoho.records("Contacts").map { |record| record["id"] })
    end
  end

  context "with real HTTP" do
    let(:fake) { PwbCrm::Testing::Server.start(zoho) }

    before { PwbCrm.config.zoho_base_url = fake.url }
    after { fake.stop }

    it_behaves_like "batches"
  end

  context "with a Ruby transport" do
    before { PwbCrm.config.transport = PwbCrm::Testing::Seam.new("www.zohoapis.com" => zoho) }

    it_behaves_like "batches"
  end
end
