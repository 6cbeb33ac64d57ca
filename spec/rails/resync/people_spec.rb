# frozen_string_literal: true

require "rails_helper"

# Whom a remote is given along with what a resync sends.
RSpec.describe "the people that a resync counts" do
  include_context "with resyncs"

  def enquiries(*rows)
    empty = { title: "T", content: "?", contact_id: nil, sender_email: nil }
    before_connecting(Pwb::Message, rows.map { |row| empty.merge(row) })
  end

  def at(integration)
    { crm => zoho.records("Contacts"), desk => zendesk.users, hook => [] }.fetch(integration).size
  end

  def made_by(integration)
    before = at(integration)
    run_to_end(integration.resyncs.last.start!, integration)
    at(integration) - before
  end

  it "are those behind enquiries that go without them" do
    people(3)
    one, two, three = Pwb::Contact.ids
    enquiries({ contact_id: one }, { contact_id: one }, { contact_id: two }, { contact_id: three },
              { sender_email: "eva@example.com" }, { sender_email: "Eva@example.com" })
    { crm => 4, desk => 4, hook => nil }.each do |integration, expected|
      counted = counts(integration, kinds: %w[message]).fetch("message")
      expect(counted.values_at("create", "people")).to eq([6, expected])
      told = integration.resyncs.last.to_s
      expect(told.include?("up to 4 people are made with them")).to be(!expected.nil?)
      expect(made_by(integration)).to eq(expected.to_i)
    end
  end

  it "are not those that the run sends itself, or that were sent before" do
    known = contact(site, primary_email: "known@example.com")
    drain_all
    people(2)
    people(1, primary_email: "old@example.com", updated_at: 2.years.ago)
    enquiries(*Pwb::Contact.ids.map { |contact_id| { contact_id: } })
    expect(known).to be_persisted
    [crm, desk].each do |integration|
      expect(counts(integration).fetch("message").values_at("create", "people")).to eq([4, nil])
      integration.resyncs.last.cancel!
      expect(counts(integration, since: 1.year.ago).fetch("message")).to include("create" => 4, "people" => 1)
      expect(made_by(integration)).to eq(2 + 1)
    end
  end

  it "are a ticket's, where the remote keeps those" do
    asked = ticket(site)
    PwbCrm::Delivery.delete_all
    expect(asked.creator).to be_present
    counted = [crm, desk].map { |one| counts(one, kinds: %w[support_ticket]).fetch("support_ticket") }
    expect(counted.map { |told| told.values_at("create", "people") }).to eq([[1, nil], [1, 1]])
    expect([crm, desk].map { |one| made_by(one) }).to eq([0, 1])
  end
end
