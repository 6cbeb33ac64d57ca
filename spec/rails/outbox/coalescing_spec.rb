# frozen_string_literal: true

require "rails_helper"

RSpec.describe "Saves that join in the outbox" do
  let(:site) { website }
  let!(:crm) { integration(site) }

  def deliveries = PwbCrm::Delivery.order(:id).to_a

  def delivery = deliveries.sole

  def described = deliveries.map { |row| [row.record_type, row.action, row.state] }

  describe "further saves of a record" do
    it "join the pending row without putting it off" do
      record = contact(site)
      first = delivery
      record.update!(first_name: "Eva")

      expect(delivery).to have_attributes(id: first.id, action: "create", run_at: first.run_at)
      expect(delivery.event_id).not_to eq(first.event_id)
    end

    it "do not reset the attempts of a row that is tried again" do
      record = contact(site)
      delivery.update!(attempts: 3, doubt: true)
      record.update!(first_name: "Eva")
      expect(delivery).to have_attributes(attempts: 3, doubt: true)
    end

    it "open a new row while one is in flight" do
      record = contact(site)
      delivery.update!(state: "in_flight")
      record.update!(first_name: "Eva")
      expect(described).to eq([%w[contact create in_flight], %w[contact update pending]])
    end

    it "that destroy it leave a delete with an encrypted tombstone" do
      record = contact(site)
      record.destroy!

      shown = [delivery.inspect, delivery.to_json, delivery.to_json(only: :tombstone)]
      expect(shown.join).not_to include("ana@example")

      expect(delivery.action).to eq("delete")
      expect(delivery.tombstone).to include("kind" => "contact", "id" => record.id, "email" => "ana@example.com")
      expect(delivery.read_attribute_before_type_cast(:tombstone)).not_to include("ana@example.com")
    end
  end

  describe "a record that is back before its delete has gone out" do
    include_context "with remotes"

    def names = zoho.records("Contacts").pluck("Last_Name")

    before { crm.update!(settings: { "deletes" => "delete" }) }

    it "stays at the remotes, as it is now, if it was made anew" do
      record = contact(site)
      drain_all
      record.destroy!
      Pwb::Contact.create!(record.attributes.merge("last_name" => "Back"))
      expect(PwbCrm::Delivery.waiting.pluck(:action, :tombstone).uniq).to eq([["create", nil]])
      drain_all
      expect(names).to eq(%w[Back])
      expect(receiver.events.last).to include("type" => "contact.updated", "data" => include("last_name" => "Back"))
    end

    it "is found by a reconcile, if it had only been hidden" do
      record = contact(site)
      drain_all
      Pwb::Contact.find(record.id).run_callbacks(:destroy)
      record.update!(last_name: "Back")
      drain_all
      expect(names).to be_empty
      expect(PwbCrm::Reconcile.call).to eq(3)
      drain_all
      expect(names).to eq(%w[Back])
    end
  end
end
