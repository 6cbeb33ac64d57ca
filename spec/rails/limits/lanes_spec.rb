# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# With a plan so small that a turn sends one record, as where many integrations share an account.
RSpec.describe "Lanes of a remote that allows few requests" do
  include_context "with paced remotes"

  let(:fakes) do
    { "zoho_crm" => fake!(:zoho), "custom" => fake!(:webhook),
      "zendesk" => fake!(:zendesk, per_minute: 10, user_writes_per_second: 1, ticket_updates_per_minute: 100, clock:) }
  end
  let(:known) { Array.new(2) { |n| linked(contact(site, primary_email: "known#{n}@example.com")) } }

  before do
    [crm, hook].each { |other| other.update!(active: false) }
    desk.update!(settings: { "requests_per_minute" => 10 })
    desk.note_account("acme")
    known
  end

  # Turn by turn, each begun when the last one said, until so many requests were made.
  def requests(count)
    (3 * count).times do
      break if sent.size >= count

      drain(desk)
      pass(alarms.pop&.first || 6)
    end
    sent.first(count)
  end

  def sent = zendesk.requests.map { |request| request.path[/users|tickets/] }

  def old_tickets(count)
    rows = Array.new(count) { |n| { website_id: site.id, contact_id: known[n % 2].id, title: "T#{n}", content: "?" } }
    Pwb::Message.insert_all!(rows)
    PwbCrm.track(Pwb::Message.where(website: site))
  end

  def new_people(count) = Array.new(count) { |n| contact(site, primary_email: "new#{n}@example.com") }

  it "have what people save go before the bulk of any other" do
    old_tickets(30)
    new_people(4)
    expect(requests(5)).to eq([*["users"] * 4, "tickets"])
  end

  it "take turns, over turns of the conveyor, too" do
    known.each { |person| Array.new(5) { |n| message(site, contact: person, title: "N#{n}") } }
    new_people(10)
    srand(1) # so that the order is the same each time
    expect(requests(10).tally.values).to all(be >= 2)
  end
end
