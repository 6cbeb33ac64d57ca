# frozen_string_literal: true

require "rails_helper"

# Edits, lost replies, workers that die before they have written anything down, and new mappings, in any order. The
# core's own property tests add changes that come back from the remote.
RSpec.describe "any order of edits, lost replies and new mappings" do
  include_context "with remotes"

  # A worker's death, as far as a thread can play it: nothing rescues it, nothing is written down.
  let(:death) { Class.new(Exception) } # rubocop:disable Lint/InheritException
  let(:random) { Random.new(seed) }
  let!(:person) { contact(site, first_name: "Ana 0") }
  let!(:request) { ticket(site, subject: "Subject 0", description: "Text 0", priority: "low") }

  before { configure(max_attempts: 1_000) }

  def step
    case random.rand(10)
    when 0..3 then edit
    when 4..7 then deliver
    when 8 then PwbCrm::Link.update_all(mapping_version: "0")
    else die
    end
  end

  def edit
    number = random.rand(2)
    case random.rand(6)
    when 0 then person.update!(first_name: "Ana #{number}")
    when 5 then person.update!(primary_phone_number: ["+34 600", nil].fetch(number))
    when 1 then person.update!(last_name: "Ruiz #{number}")
    when 2 then request.update!(subject: "Subject #{number}")
    when 3 then request.update!(description: "Text #{number}")
    else request.update!(priority: %w[low high].fetch(number))
    end
  end

  def deliver
    fakes.each_value { |fake| fake.fail_next(**fault) if random.rand(2).zero? }
    drain_all
  end

  def fault
    [{ reset: :after }, { reset: :before }, { status: 500 }, { status: 429 },
     { garbage: :html, status: 502 }].sample(random:)
  end

  def die
    allow(PwbCrm::SyncLog).to receive(:record).and_raise(death)
    drain_all
  rescue death
    PwbCrm::Integration.note(leased_until: 1.second.ago)
  ensure
    allow(PwbCrm::SyncLog).to receive(:record).and_call_original
  end

  # As often as it takes to use up the faults that are still planned.
  def calm
    12.times { drain_all }
    expect(states.keys - %w[succeeded skipped superseded]).to be_empty
  end

  def zoho_person = zoho.records("Contacts").sole.values_at("First_Name", "Last_Name", "Phone")

  def zoho_case = zoho.records("Cases").sole.values_at("Subject", "Priority")

  def zendesk_ticket = zendesk.tickets.sole.values_at("subject", "priority")

  # The contact is one of the users, the ticket's creator the other.
  def zendesk_phones = zendesk.users.select { |user| user["email"] == "ana@example.com" }.pluck("phone")

  def zendesk_text
    texts = zendesk.comments(zendesk.tickets.sole["id"]).pluck("body")
    texts.reverse.find { |text| text.start_with?("Changed on the website") }.to_s[/Text \d/] || texts.first
  end

  def last_event(kind) = receiver.events.reverse.find { |event| event["type"].start_with?(kind) }["data"]

  12.times do |seed|
    context "with seed #{seed}" do
      let(:seed) { seed }

      it "ends with each remote as the host is, and one of each" do
        15.times { step }
        calm
        expect(zoho_person).to eq([person.first_name, person.last_name, person.primary_phone_number])
        expect(zendesk_phones).to include(person.primary_phone_number)
        expect(zoho_case).to eq([request.subject, request.priority.capitalize])
        expect(zendesk_ticket).to eq([request.subject, request.priority])
        expect(zendesk_text).to eq(request.description)
        expect(last_event("contact")).to include(person.slice("first_name", "last_name"))
        expect(last_event("ticket")).to include(request.slice("subject", "description", "priority"))
      end
    end
  end
end
