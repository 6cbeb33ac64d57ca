# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Outbox do
  let(:site) { website }
  let!(:crm) { integration(site) }

  def deliveries = PwbCrm::Delivery.order(:id).to_a

  def delivery = deliveries.sole

  def described = deliveries.map { |row| [row.record_type, row.action, row.state] }

  def plans
    all = PwbCrm::Delivery.lease_connection.select_values("SELECT statement FROM pg_prepared_statements")
    all.grep(/INSERT INTO .?#{PwbCrm::Delivery.table_name}/)
  end

  describe "what a save writes" do
    it "is one pending row for each active integration of the website" do
      hook = webhook(site)
      integration(site, active: false)
      integration(website)
      record = contact(site)

      expect(deliveries.map(&:integration_id)).to contain_exactly(crm.id, hook.id)
      expect(deliveries).to all(have_attributes(record_type: "contact", record_id: record.id.to_s, kind: "contact",
                                                action: "create", state: "pending", attempts: 0, doubt: false))
    end

    it "is nothing for a kind that the integration does not take" do
      crm.update!(sync_messages: false)
      message(site)
      expect(deliveries).to be_empty
    end

    it "is nothing without a website, and nothing for records that are left out" do
      contact(nil)
      configure(skip_record: ->(record) { record.first_name == "Spam" })
      contact(site, first_name: "Spam")
      expect(deliveries).to be_empty
    end

    it "costs one INSERT and its savepoint, however many integrations there are" do
      3.times { webhook(site) }
      record = contact(site)
      added = statements_of { record.update!(first_name: "Eva") }.grep_v(/UPDATE .?pwb_contacts/)

      expect(added.size).to eq(3 + 2)
      expect(added.grep(/INSERT/).size).to eq(1)
      expect(added.grep(/SAVEPOINT/).size).to eq(4) # Rails' own around the save in the spec's transaction, and ours
    end

    it "is planned once for each kind and connection", :postgresql do
      counts = Array.new(2) { [contact(site), message(site)] && plans.size }
      expect(counts.first).to be >= 2
      expect(counts.last).to eq(counts.first)
    end

    it "does without prepared statements where the host does" do
      PwbCrm::Delivery.lease_connection.unprepared_statement { contact(site, first_name: "$1 :kind") }
      expect(described).to eq([%w[contact create pending]])
    end

    it "runs twice under the query cache, which would swallow the second" do
      record = contact(site)
      ActiveRecord::Base.cache do
        PwbCrm::Delivery.delete_all
        2.times do |time|
          record.update!(first_name: "Eva #{time}")
          PwbCrm::Delivery.update_all(state: "succeeded")
        end
      end
      expect(deliveries.size).to eq(2)
    end

    it "is due after the settle time" do
      configure(settle_time: 5)
      contact(site)
      expect(delivery.run_at - delivery.created_at).to be_within(0.1).of(5)
    end

    it "names integer, bigint and uuid records alike" do
      records = [contact(site), message(site), ticket(site)]
      expect(deliveries.map(&:record_id)).to match_array(records.map { |record| record.id.to_s })
    end

    it "counts a scoped twin as its base class" do
      PwbTenant::Contact.create!(website: site, first_name: "Ana")
      expect(delivery.record_type).to eq("contact")
    end
  end

  describe "noise" do
    it "is not noted" do
      record = message(site)
      PwbCrm::Delivery.delete_all
      record.update!(read: true)
      record.update!(delivery_success: true, delivered_at: Time.current)
      record.save!
      expect(deliveries).to be_empty
    end

    it "leaves one row of a ticket that updates itself through another instance while it is created" do
      ticket(site)
      expect(described).to eq([%w[support_ticket create pending]])
    end

    it "does not hide a change that an outer transaction brings with it" do
      record = ticket(site)
      PwbCrm::Delivery.delete_all
      Pwb::SupportTicket.transaction do
        Pwb::SupportTicket.find(record.id).resolve!
        Pwb::TicketMessage.create!(support_ticket: record, user:, content: "Done")
      end
      expect(described).to eq([%w[support_ticket update pending]])
    end
  end

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

  it "tells the integrations of a website that a record moves to, or is given later" do
    [contact(nil), contact(website)].each do |record|
      expect { record.update!(website: site) }
        .to change { PwbCrm::Delivery.of_record("contact", record.id).pluck(:integration_id) }.from([]).to([crm.id])
    end
  end

  it "has a message wait for its contact, whichever was saved first" do
    enquiry = message(site)
    expect(delivery.depends_on_id).to be_nil
    enquiry.update!(contact: contact(site))
    expect(PwbCrm::Delivery.find_by!(record_type: "message"))
      .to have_attributes(depends_on_type: "contact", depends_on_id: enquiry.contact_id.to_s)
  end

  describe "transactions" do
    it "writes nothing for what is rolled back" do
      Pwb::Contact.transaction do
        contact(site)
        raise ActiveRecord::Rollback
      end
      expect(deliveries).to be_empty
    end

    it "keeps what an outer transaction keeps, when an inner one is rolled back" do
      Pwb::Contact.transaction do
        contact(site, first_name: "Kept")
        Pwb::Contact.transaction(requires_new: true) do
          message(site)
          raise ActiveRecord::Rollback
        end
      end
      expect(described).to eq([%w[contact create pending]])
    end
  end

  describe "faults" do
    include_context "with an error reporter"

    before { site }

    it "keep the host's row when the outbox table is gone" do
      ActiveRecord::Base.lease_connection.rename_table(:pwb_integration_deliveries, :pwb_elsewhere)
      record = Pwb::Contact.transaction { contact(site) }

      expect(Pwb::Contact.find(record.id)).to eq(record)
      expect(reported.contexts.sole).to include(source: "pwb_crm", handled: true)
      expect(reported.contexts.sole.dig(:context, :doing)).to include("noting the save of Pwb::Contact #{record.id}")
    ensure
      ActiveRecord::Base.lease_connection.rename_table(:pwb_elsewhere, :pwb_integration_deliveries)
    end

    it "of a configured lambda are reported and hurt nobody" do
      configure(skip_record: ->(_) { raise "oops" })
      expect(contact(site)).to be_persisted
      expect(reported.errors.sole.message).to eq("oops")
    end

    it "of a reader leave a delete all the same, only without what the record held" do
      record = contact(site)
      deliveries.each(&:destroy!)
      configure(readers: { contact: { email: ->(_) { raise "oops" } } })
      record.destroy!
      expect(delivery).to have_attributes(action: "delete", tombstone: {})
      expect(reported.errors.sole.message).to include("contact.email")
    end

    it "of a reader's own SQL leave a delete all the same, and the host's transaction usable" do
      record = contact(site)
      deliveries.each(&:destroy!)
      broken = ->(_) { ActiveRecord::Base.lease_connection.execute("SELECT nonsense FROM nowhere") }
      configure(readers: { contact: { email: broken } })
      Pwb::Contact.transaction { record.destroy! }
      expect(Pwb::Contact).not_to exist(record.id)
      expect(delivery).to have_attributes(action: "delete", tombstone: {})
      expect(reported.errors.sole.message).to include("contact.email")
    end

    it "of a lambda's own SQL leave the host's transaction usable" do
      configure(skip_record: ->(_) { ActiveRecord::Base.lease_connection.execute("SELECT nonsense FROM nowhere") })
      record = Pwb::Contact.transaction { contact(site).tap { |saved| saved.update!(first_name: "Eva") } }
      expect(record.reload.first_name).to eq("Eva")
    end
  end
end
