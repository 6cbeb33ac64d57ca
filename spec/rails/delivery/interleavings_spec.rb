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
    record, change = edits.sample(random:)
    record.update!(change.transform_values { |values| values.sample(random:) })
  end

  def edits
    [[person, { first_name: ["Ana 0", "Ana 1"] }], [person, { last_name: ["Ruiz 0", "Ruiz 1"] }],
     [person, { primary_phone_number: ["+34 600", nil] }], [request, { subject: ["Subject 0", "Subject 1"] }],
     [request, { description: ["Text 0", "Text 1"] }], [request, { priority: %w[low high] }]]
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
    12.times { under_way.any? ? drain_all : break }
    expect(under_way).to be_empty
  end

  def under_way = states.keys - %w[succeeded skipped superseded]

  # The host's side, and what each remote says of the same.
  def here = [contact_here, person.first_name, request_here, request.description, request_here, request_here]

  def there = [zoho_contact, last_event("contact")["first_name"], zoho_case, zendesk_text, zendesk_ticket, event_ticket]

  def contact_here = person.slice("first_name", "last_name", "primary_phone_number").values

  def request_here = request.slice("subject", "priority").values

  def zoho_contact = zoho.records("Contacts").sole.values_at("First_Name", "Last_Name", "Phone")

  def zoho_case = zoho.records("Cases").sole.values_at("Subject", "Priority").then { |it| [it.first, it.last.downcase] }

  def zendesk_ticket = zendesk.tickets.sole.values_at("subject", "priority")

  # The contact is one of the users, the ticket's creator the other.
  def zendesk_phone = zendesk.users.find { |user| user["email"] == "ana@example.com" }["phone"]

  def zendesk_text
    texts = zendesk.comments(zendesk.tickets.sole["id"]).pluck("body")
    texts.reverse.find { |text| text.start_with?("Changed on the website") }.to_s[/Text \d/] || texts.first
  end

  def event_ticket = last_event("ticket").values_at("subject", "priority")

  def last_event(kind) = receiver.events.reverse.find { |event| event["type"].start_with?(kind) }["data"]

  12.times do |seed|
    context "with seed #{seed}" do
      let(:seed) { seed }

      it "ends with each remote as the host is, and one of each" do
        15.times { step }
        calm
        expect(there).to eq(here)
        expect(zendesk_phone).to eq(person.primary_phone_number)
      end
    end
  end
end
