# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# Many records at Zoho's limits; with DELIVERIES=10000 ten thousand, and TELL=1 tells.
RSpec.describe "Many deliveries to Zoho" do
  include_context "with paced remotes"

  let(:count) { Integer(ENV.fetch("DELIVERIES", "600")) }
  let(:credits) { 2 * count }
  let(:fakes) do
    { "zoho_crm" => fake!(:zoho, concurrency: 10, credits:),
      "zendesk" => fake!(:zendesk), "custom" => fake!(:webhook) }
  end

  before do
    [desk, hook].each { |other| other.update!(active: false) }
    crm.update!(settings: { "edition" => "standard", "daily_credits" => credits })
    crm.note_account("acme")
    rows = Array.new(count) { |n| { website_id: site.id, first_name: "Ana", primary_email: "#{n}@example.com" } }
    Pwb::Contact.insert_all!(rows)
    PwbCrm.track(Pwb::Contact.where(website: site))
  end

  def drain_until_done
    20.times { drain(crm) if crm.deliveries.where(state: "pending").exists? }
  end

  def refused = zoho.requests.count { |request| request.status == 429 }

  it "takes a request for a hundred, meets no limit, and asks the database little" do
    statements = 0
    counter = ->(*) { statements += 1 }
    ActiveSupport::Notifications.subscribed(counter, "sql.active_record") { drain_until_done }
    expect(crm.deliveries.group(:state).count).to eq("succeeded" => count)
    expect([zoho.requests.size, refused]).to eq([count / 100, 0])
    expect(statements).to be <= 0.5 * count
    expect(PwbCrm::Budget::Credits.new(crm.budget_account, credits).look.room).to eq(credits - (count / 10))
    puts "#{zoho.requests.size} requests, #{statements} statements" if ENV["TELL"]
  end

  it "stops before the credits are used up, and leaves the last to people" do
    crm.update!(settings: { "daily_credits" => count / 20 })
    crm.deliveries.update_all(bulk: true)
    3.times { drain(crm) }
    used = zoho.requests.sum { |request| (request.body["data"].size / 10.0).ceil }
    expect(used).to be_between(count / 20 * 0.7, count / 20 * 0.9)
    expect(crm.deliveries.where(state: "pending").count).to be_positive
    fresh = contact(site, primary_email: "fresh@example.com")
    drain(crm)
    expect(crm.deliveries.find_by(record_id: fresh.id.to_s).state).to eq("succeeded")
  end
end
