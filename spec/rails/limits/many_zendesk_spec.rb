# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# Many records at the limits of a real account, in virtual time; with DELIVERIES=10000 ten thousand, and TELL=1 tells.
RSpec.describe "Many deliveries to Zendesk", :postgresql do
  include_context "with paced remotes"

  let(:count) { Integer(ENV.fetch("DELIVERIES", "600")) }

  # One in twenty is a person, the others are enquiries of people that are there.
  before do
    [crm, hook].each { |other| other.update!(active: false) }
    desk.update!(settings: { "requests_per_minute" => 700 })
    PwbCrm.track(Pwb::Contact.where(id: people(count / 20, "new")))
    known = people(count / 20 * 19 / 10, "known")
    link(known)
    PwbCrm.track(Pwb::Message.where(id: enquiries(known)))
  end

  def people(count, name)
    rows = Array.new(count) do |n|
      { website_id: site.id, first_name: "Ana", primary_email: "#{name}-#{n}@example.com" }
    end
    Pwb::Contact.insert_all!(rows, returning: :id).rows.flatten
  end

  def enquiries(people)
    rows = people.product([*1..10]).map do |contact_id, n|
      { website_id: site.id, contact_id:, title: "T#{n}", content: "?" }
    end
    Pwb::Message.insert_all!(rows, returning: :id).rows.flatten
  end

  def link(people)
    PwbCrm::Link.insert_all!(people.map do |id|
      { integration_id: desk.id, record_type: "contact", record_id: id.to_s, external_type: "user",
        external_id: zendesk.add_user("name" => "Known", "email" => "known-#{id}@example.com")["id"].to_s,
        shadow: {}, updated_at: 1.hour.ago }
    end)
  end

  it "meets no limit, and takes hardly longer than the limits themselves" do
    began = clock.call
    turns(desk, most: 20 * count)
    expect(desk.deliveries.group(:state).count).to eq("succeeded" => count)
    requests = zendesk.requests.size
    expect(refused).to be < requests / 100
    expect(slept).to eq([])
    expect(clock.call - began).to be <= 1.2 * [count / 20, requests * 60 / 700.0].max
    puts "#{requests} requests, #{refused} refused, #{(clock.call - began).round} s" if ENV["TELL"]
  end
end
