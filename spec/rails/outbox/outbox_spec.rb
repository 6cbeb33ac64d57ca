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
      expect(described).to eq([%w[support_ticket update pending], %w[comment create pending]])
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
end
