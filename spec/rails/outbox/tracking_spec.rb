# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Outbox::Tracking do
  let(:site) { website }
  let!(:crm) { integration(site) }

  def insert(count, **attributes)
    rows = Array.new(count) { |number| { website_id: site.id, first_name: "N#{number}", **attributes } }
    Pwb::Contact.insert_all(rows)
  end

  def deliveries = PwbCrm::Delivery.order(:id)

  it "notes one record, several, or a relation" do
    insert(3)
    expect(PwbCrm::Delivery.count).to eq(0)
    expect(PwbCrm.track(Pwb::Contact.first)).to eq(1)
    expect(PwbCrm.track(Pwb::Contact.last(2))).to eq(2)
    expect(PwbCrm.track(Pwb::Contact.where(website_id: site.id))).to eq(3)
    expect(PwbCrm::Delivery.pluck(:action, :state).uniq).to eq([%w[update pending]])
    expect(PwbCrm::Delivery.count).to eq(3)
  end

  it "notes a relation and long lists in bulk, so that what people save goes first" do
    insert(12)
    PwbCrm.track(Pwb::Contact.where(website_id: site.id))
    saved = contact(site)
    PwbCrm.track(Pwb::Contact.first)
    lanes = deliveries.group_by(&:bulk).transform_values { |rows| rows.map(&:record_id) }
    expect(lanes[false]).to contain_exactly(saved.id.to_s, Pwb::Contact.first.id.to_s)
    expect(lanes[true].size).to eq(11)
    PwbCrm::Delivery.delete_all
    expect { PwbCrm.track(Pwb::Contact.first(11)) }.to change { deliveries.where(bulk: true).count }.by(11)
  end

  it "counts a list as a whole, to its last record and whatever kinds are in it" do
    stub_const("PwbCrm::Outbox::Chunks::SIZE", 20)
    insert(25)
    PwbCrm.track(Pwb::Contact.all.to_a.each)
    expect(deliveries.pluck(:bulk)).to eq([true] * 25)
    PwbCrm::Delivery.delete_all
    PwbCrm.track([*Pwb::Contact.first(6), *Array.new(6) { ticket(site) }])
    expect(deliveries.where(record_type: "contact").pluck(:bulk)).to eq([true] * 6)
  end

  it "wakes the integrations" do
    record = contact(site)
    expect { PwbCrm.track(record) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
  end

  it "leaves out what saves leave out, and refuses other classes" do
    configure(skip_record: ->(_) { true })
    expect(PwbCrm.track([contact(site), contact(nil)])).to eq(0)
    configure(skip_record: ->(_) { false })
    expect(PwbCrm.track([Pwb::Contact.new(website: site)])).to eq(0)
    expect { PwbCrm.track(site) }.to raise_error(PwbCrm::ConfigurationError, /none of Pwb::Contact/)
    expect { PwbCrm.track(Pwb::Website.all) }.to raise_error(PwbCrm::ConfigurationError, /Pwb::Website is none of/)
  end

  describe "a relation" do
    def track_and_count(relation)
      tracked = nil
      statements = statements_of { tracked = PwbCrm.track(relation) }
      [tracked, statements]
    end

    it "costs one INSERT for a thousand records, and one job for each integration" do
      webhook(site)
      insert(2_500)
      tracked, statements = nil
      expect { tracked, statements = track_and_count(Pwb::Contact.all) }
        .to have_enqueued_job(PwbCrm::IntegrationSyncJob).exactly(2 * 3).times

      expect(tracked).to eq(5_000)
      expect(PwbCrm::Delivery.distinct.count(:event_id)).to eq(5_000)
      expect(statements.grep(/INSERT/).size).to eq(3)
      expect(statements.grep_v(/SAVEPOINT|TRANSACTION|BEGIN|COMMIT/).size).to be <= 10
    end

    it "makes no records of the rows, unless a lambda wants to see them" do
      insert(3)
      made = 0
      count = ->(*) { made += 1 }
      ActiveSupport::Notifications.subscribed(count, "instantiation.active_record") { PwbCrm.track(Pwb::Contact.all) }
      expect(made).to eq(0)
      configure(skip_record: ->(record) { record.first_name == "N1" })
      PwbCrm::Delivery.delete_all
      expect(PwbCrm.track(Pwb::Contact.all)).to eq(2)
    end

    it "may hold several tenants' records, and each goes to its own" do
      neighbour = website
      theirs = integration(neighbour)
      insert(2)
      insert(1, website_id: neighbour.id)
      insert(1, website_id: website.id)
      insert(1, website_id: nil)

      expect(PwbCrm.track(Pwb::Contact.all)).to eq(3)
      expect(PwbCrm::Delivery.group(:integration_id).count).to eq(crm.id => 2, theirs.id => 1)
    end

    it "counts a scoped twin as its base class, takes uuid keys, and heeds order and limit" do
      insert(3)
      desk_ticket = ticket(site)
      PwbCrm::Delivery.delete_all
      expect(PwbCrm.track(PwbTenant::Contact.order(first_name: :desc).limit(2))).to eq(2)
      expect(PwbCrm.track(Pwb::SupportTicket.all)).to eq(1)
      expect(deliveries.pluck(:record_type)).to eq(%w[contact contact support_ticket])
      expect(deliveries.last.record_id).to eq(desk_ticket.id)
    end

    it "takes those that an order, a limit and an offset mean, and all of them" do
      insert(5)
      ids = Pwb::Contact.order(:id).ids.map(&:to_s)
      { Pwb::Contact.order(first_name: :desc).limit(2) => ids.last(2),
        Pwb::Contact.order(first_name: :desc).limit(2).load => ids.last(2),
        Pwb::Contact.order(:id).offset(2) => ids.drop(2),
        Pwb::Contact.order(:id).limit(3).offset(1) => ids[1, 3] }.each do |relation, wanted|
        stub_const("PwbCrm::Outbox::Chunks::SIZE", 2)
        PwbCrm::Delivery.delete_all
        PwbCrm.track(relation)
        expect(deliveries.pluck(:record_id)).to match_array(wanted)
      end
    end

    it "has messages wait for their contacts" do
      person = contact(site)
      enquiries = [message(site), message(site, contact: person)]
      PwbCrm::Delivery.delete_all
      PwbCrm.track(Pwb::Message.where(id: enquiries))
      expect(deliveries.pluck(:depends_on_type, :depends_on_id)).to eq([[nil, nil], ["contact", person.id.to_s]])
    end

    it "joins rows that are pending, as a save does" do
      records = [contact(site), contact(site)]
      deliveries.first.update!(attempts: 3, doubt: true, run_at: 1.hour.from_now.floor)
      before = deliveries.pluck(:id, :run_at, :attempts, :doubt, :action)
      events = deliveries.pluck(:event_id)

      expect(PwbCrm.track(Pwb::Contact.where(id: records))).to eq(2)
      expect(deliveries.pluck(:id, :run_at, :attempts, :doubt, :action)).to eq(before)
      expect(deliveries.pluck(:event_id) & events).to be_empty
    end

    it "is nothing for kinds that are switched off, and for integrations that are" do
      crm.update!(sync_contacts: false)
      integration(site, active: false)
      insert(2)
      expect(PwbCrm.track(Pwb::Contact.all)).to eq(0)
    end

    it "may have joins, and an empty one costs no INSERT" do
      message(site, contact: contact(site))
      expect(PwbCrm.track(Pwb::Message.joins(:contact))).to eq(1)
      expect(track_and_count(Pwb::Contact.none).last.grep(/INSERT/)).to be_empty
    end

    it "does not read a website_id that is no column" do
      record = contact(site)
      Pwb::Contact.ignored_columns += %w[website_id]
      Pwb::Contact.define_method(:website_id) { Pwb::Website.first.id }
      PwbCrm::Delivery.delete_all
      expect(PwbCrm.track(Pwb::Contact.where(id: record.id))).to eq(1)
    ensure
      Pwb::Contact.ignored_columns -= %w[website_id]
      Pwb::Contact.remove_method(:website_id)
    end
  end

  it "reads records that live in another database" do
    stub_const("Elsewhere", Class.new(ActiveRecord::Base) { self.abstract_class = true })
    Elsewhere.establish_connection(adapter: "sqlite3", database: ":memory:")
    Elsewhere.lease_connection.create_table(:people) { |t| t.integer :website_id }
    stub_const("Elsewhere::Person", Class.new(Elsewhere) { self.table_name = "people" })
    Elsewhere::Person.insert_all([{ website_id: site.id }, { website_id: site.id }])
    configure(contact_class: "Elsewhere::Person")

    expect(PwbCrm.track(Elsewhere::Person.all)).to eq(2)
  ensure
    Elsewhere.remove_connection
  end

  it "takes the same record twice in a list, and text that looks like a placeholder" do
    stub_const("Odd", Class.new(Pwb::Contact) { def id = ":kind'; %s" })
    record = Odd.new(website_id: site.id)
    expect(PwbCrm.track([record, record])).to eq(1)
    expect(deliveries.sole.record_id).to eq(":kind'; %s")
  end
end
