# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Reconcile do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def reconcile(one = crm) = described_class.new(one.id).call

  # Everything that was noted has arrived.
  def settle
    all_due
    drain(crm)
    remote.pushed.clear
  end

  def arrived
    all_due
    drain(crm)
    remote.pushed.flatten.map { |work| [work[:action], work[:record][:kind], work[:record][:id].to_s] }
  end

  # On PostgreSQL insert_all and upsert_all give the time at which the transaction began: the spec's own here.
  def insert(model, **attributes) = model.insert_all([{ website_id: site.id, updated_at: Time.current, **attributes }])

  def noted = PwbCrm::Delivery.waiting.order(:id).pluck(:action, :record_type, :record_id)

  def id(record) = record.id.to_s

  describe "finds" do
    it "what insert_all and SQL wrote, and notes it once" do
      insert(Pwb::Contact, first_name: "Ana")
      quoted = Pwb::Contact.lease_connection.quote(Time.current)
      Pwb::Contact.lease_connection.execute("INSERT INTO pwb_contacts (website_id, created_at, updated_at) " \
                                            "VALUES (#{site.id}, #{quoted}, #{quoted})")
      expect(reconcile).to eq(2)
      expect(noted).to eq(Pwb::Contact.order(:id).map { |record| ["update", "contact", id(record)] })
      expect(reconcile).to eq(0)
      expect { settle }.to change { crm.links.count }.by(2)
      expect(reconcile).to eq(0)
    end

    it "what update_all, update_columns and upsert_all changed in records that were delivered before" do
      records = Array.new(3) { contact(site) }
      settle
      expect(reconcile).to eq(0)

      Pwb::Contact.where(id: records[0]).update_all(first_name: "Eva", updated_at: Time.current)
      records[1].update_columns(first_name: "Eva", updated_at: Time.current)
      Pwb::Contact.upsert_all([{ id: records[2].id, website_id: site.id, first_name: "Eva",
                                 updated_at: Time.current }])
      expect(reconcile).to eq(3)
      expect(arrived).to match_array(records.map { |record| ["upsert", "contact", id(record)] })
    end

    it "a save whose note failed" do
      record = contact(site)
      settle
      allow(PwbCrm::Outbox).to receive(:new).and_raise(ActiveRecord::StatementTimeout)
      record.update!(first_name: "Eva")
      expect(noted).to be_empty
      expect(reconcile).to eq(1)
    end

    it "all kinds, and only those that the integration takes" do
      crm.update!(sync_messages: false)
      insert(Pwb::Message, title: "Hi")
      uuid = SecureRandom.uuid
      insert(Pwb::SupportTicket, id: uuid, creator_id: user.id, subject: "Broken")
      expect(reconcile).to eq(1)
      expect(noted).to eq([["update", "support_ticket", uuid]])
    end

    it "a change that a delivery in flight may not have seen" do
      record = contact(site)
      PwbCrm::Delivery.update_all(state: "in_flight")
      record.update_columns(first_name: "Eva", updated_at: Time.current)
      expect(reconcile).to eq(1)
    end

    it "records that delete_all took away, whose remote was told of them" do
      gone, kept, unknown = Array.new(3) { contact(site) }
      settle
      PwbCrm::Link.find_by!(record_id: id(unknown)).destroy!
      Pwb::Contact.where(id: [gone, unknown]).delete_all

      expect(reconcile).to eq(1)
      expect(arrived).to eq([["delete", "contact", id(gone)]])
      expect(PwbCrm::Delivery.where(record_id: id(kept)).pluck(:action).uniq).to eq(["create"])
    end

    it "a record that delete_all took away while a change of it was waiting" do
      record = contact(site)
      settle
      record.update!(first_name: "Eva")
      Pwb::Contact.where(id: record).delete_all
      reconcile
      expect(noted).to eq([["delete", "contact", id(record)]])
    end
  end

  describe "leaves alone" do
    it "what was there before the integration" do
      record = contact(site)
      newer = integration(site)
      expect(reconcile(newer)).to eq(0)
      record.touch
      expect(reconcile(newer)).to eq(1)
    end

    it "other tenants' records, and those that skip_record leaves out" do
      configure(skip_record: ->(record) { record.first_name == "Spam" })
      insert(Pwb::Contact, website_id: website.id, first_name: "Eva")
      insert(Pwb::Contact, first_name: "Spam")
      insert(Pwb::Contact, first_name: "Ana")
      expect(reconcile).to eq(1)
    end

    it "records that moved to another website, that hide behind a default scope, and deletes that were noted" do
      moved, hidden, destroyed = Array.new(3) { contact(site) }
      settle
      Pwb::Contact.where(id: moved).update_all(website_id: website.id)
      Pwb::Contact.where(id: hidden).update_all(last_name: "Hidden", updated_at: Time.current)
      stub_const("Visible", Class.new(Pwb::Contact) { default_scope { where.not(last_name: "Hidden") } })
      configure(contact_class: "Visible")
      Visible.find(destroyed.id).destroy!
      expect(reconcile).to eq(0)
    end

    it "records that have become another type of the class's table" do
      stub_const("Person", Class.new(Pwb::ApplicationRecord) do
        self.table_name = "pwb_contacts"
        self.inheritance_column = "other_names"
        belongs_to :website, class_name: "Pwb::Website"
      end)
      stub_const("Client", Class.new(Person) { include PwbCrm::Integrable })
      configure(contact_class: "Client")
      record = Client.create!(website: site, first_name: "Ana")
      settle
      record.update_columns(other_names: "Person")
      expect { reconcile }.not_to change(PwbCrm::Delivery.waiting, :count)
    end

    it "a delete that is a dead letter, or was left out by the remote's rules" do
      records = [contact(site), contact(site)]
      settle
      remote.script = lambda do |work|
        next remote.failed(work, :validation) if work[:record][:id] == id(records[0])

        remote.outcome(work, status: :skipped, reason: "it keeps its records")
      end
      records.each(&:destroy!)
      arrived
      expect(PwbCrm::Delivery.where(action: "delete").pluck(:state)).to match_array(%w[failed skipped])
      expect(reconcile).to eq(0)
    end
  end

  it "costs no request where nothing that counts has changed" do
    hook = webhook(site)
    receiver = fake!(:webhook, secrets: hook.config["webhook_secret"])
    enquiry = message(site)
    drain_crm!(hook)
    enquiry.update!(read: true)

    expect(reconcile(hook)).to eq(1)
    expect { drain_crm!(hook) }.not_to(change { receiver.requests.size })
    expect(reconcile(hook)).to eq(0)
  end

  it "asks for few statements, however many records there are" do
    Pwb::Contact.insert_all(Array.new(2_500) { { website_id: site.id, updated_at: Time.current } })
    statements = statements_of { expect(reconcile).to eq(2_500) }
    expect(statements.grep(/INSERT/).size).to eq(3)
    expect(statements.size).to be < 40
  end

  it "says so where records have no time of their last change" do
    table = Pwb::User.lease_connection
    table.create_table(:pwb_notes, force: true) { |t| t.integer :website_id, :contact_id }
    stub_const("Pwb::Note", Class.new(Pwb::ApplicationRecord))
    log = StringIO.new
    configure(message_class: "Pwb::Note", logger: Logger.new(log))
    Pwb::Note.insert_all([{ website_id: site.id }])
    expect(reconcile).to eq(0)
    expect(log.string).to include("Pwb::Note has no updated_at", "PwbCrm.track")
    expect(crm.reload.reconciled_at).to be_present
  ensure
    table.drop_table(:pwb_notes)
  end

  it "reads records that live in another database" do
    stub_const("Elsewhere", Class.new(ActiveRecord::Base) { self.abstract_class = true })
    Elsewhere.establish_connection(adapter: "sqlite3", database: ":memory:")
    Elsewhere.lease_connection.create_table(:people) { |t| t.integer(:website_id) && t.timestamps }
    stub_const("Elsewhere::Person", Class.new(Elsewhere) { self.table_name = "people" })
    configure(contact_class: "Elsewhere::Person")
    Elsewhere::Person.insert_all([{ website_id: site.id }])
    link = crm.links.create!(record_type: "contact", record_id: "99", external_type: "thing", external_id: "1")

    expect(reconcile).to eq(2)
    expect(noted).to eq([%w[update contact 1], ["delete", "contact", link.record_id]])
  ensure
    Elsewhere.remove_connection
  end
end
