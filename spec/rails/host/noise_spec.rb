# frozen_string_literal: true

require "rails_helper"

# What saves cost in SQL, savepoints included, beside the same saves without us.
RSpec.describe "the SQL of a save", :committed do
  let(:site) { website }

  # Pwb::Message and Pwb::Contact without our callbacks.
  def bare(model)
    @bare ||= {}
    @bare[model] ||= stub_const("Bare#{model.name.demodulize}", Class.new(ActiveRecord::Base)).tap do |twin|
      twin.table_name = model.table_name
    end
  end

  def added_to(record)
    twin = bare(record.class).find(record.id)
    ours, theirs = [record, twin].map { |one| statements_of { yield(one) } }
    ours.size - theirs.size
  end

  describe "that changes nothing worth telling" do
    before { [integration(site), webhook(site)] }

    {
      "a read flag" => ->(record) { record.update!(read: true) },
      "delivery stamps" => ->(record) { record.update!(delivery_success: true, delivered_at: Time.current) },
      "no change" => ->(record) { record.save! },
      "a touch" => ->(record) { record.touch },
      "a column past the callbacks" => ->(record) { record.update_columns(read: true) },
      "several saves in one transaction" => lambda do |record|
        record.class.transaction { 3.times { |time| record.update!(url: "https://acme.example.com/#{time}") } }
      end
    }.each do |what, save|
      it("is that of #{what} alone") { expect(added_to(message(site), &save)).to eq(0) }
    end

    it "is that of a ticket's counters alone" do
      record = ticket(site)
      expect(added_to(record) { |one| one.increment!(:message_count, touch: true) }).to eq(0)
      expect(added_to(record) { |one| one.update!(message_count: 7, last_message_at: Time.current) }).to eq(0)
      expect(statements_of { Pwb::SupportTicket.update_counters(record.id, message_count: 1) }.size).to be <= 3
    end

    it "is that of a record without a website, or one that is left out, alone" do
      expect(added_to(contact(nil)) { |one| one.update!(first_name: "Eva") }).to eq(0)
      configure(skip_record: ->(_) { true })
      expect(added_to(contact(site)) { |one| one.update!(first_name: "Eva") }).to eq(0)
    end
  end

  describe "that is noted" do
    let(:statements) do
      record = contact(site)
      statements_of { record.update!(first_name: "Eva") }
    end

    # On connections of their own Rails sends BEGIN, UPDATE, COMMIT; ours is between the last two.
    def ours = statements.grep(/SAVEPOINT|pwb_integration/)

    it "is one statement in a savepoint, however many integrations there are" do
      4.times { webhook(site) }
      expect(ours).to match([/\ASAVEPOINT/, /INSERT INTO "pwb_integration_deliveries"/, /\ARELEASE/])
      expect(statements.size - ours.size).to eq(3)
    end

    it "is no more for a website without integrations" do
      expect(ours).to match([/\ASAVEPOINT/, /INSERT INTO "pwb_integration_deliveries"/, /\ARELEASE/])
      expect(PwbCrm::Delivery.count).to eq(0)
    end

    it "is one look for the destroy of a record whose website has none" do
      record = message(site)
      expect(statements_of { record.destroy! }.grep(/pwb_integration/).size).to eq(1)
    end
  end
end
