# frozen_string_literal: true

require "rails_helper"

# Reading the records that are due: what goes wrong with one concerns no other.
RSpec.describe PwbCrm::Drain do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def deliveries = PwbCrm::Delivery.order(:id)

  def states = deliveries.pluck(:state)

  it "reads records of a class that has no associations at all" do
    stub_const("Person", Class.new(ActiveRecord::Base) { self.table_name = "pwb_contacts" })
    configure(contact_class: "Person")
    Person.include(PwbCrm::Integrable)
    person = Person.create!(website_id: site.id, first_name: "Ana", primary_email: "ana@example.com")
    drain(crm)
    expect(remote.pushed.flatten.sole[:record]).to include(kind: "contact", id: person.id, email: "ana@example.com")
  end

  it "makes a dead letter of what a fault of ours keeps from being prepared, and goes on" do
    bad, good = Array.new(2) { contact(site) }
    allow(PwbCrm::Report).to receive(:call)
    allow_any_instance_of(PwbCrm::Snapshot).to receive(:of).and_wrap_original do |original, kind, record| # rubocop:disable RSpec/AnyInstance -- made deep within
      record == bad ? raise(NoMethodError, "oops") : original.call(kind, record)
    end
    drain(crm)
    expect(remote.keys).to eq(["contact #{good.id}"])
    expect(deliveries.first).to have_attributes(state: "failed",
                                                error_message: /\Acontact #{bad.id}: .*NoMethodError.*report/)
    about = { **PwbCrm::Events.of(crm), record_type: "contact", record_id: bad.id.to_s }
    expect(PwbCrm::Report).to have_received(:call).with(instance_of(NoMethodError),
                                                        doing: "preparing contact #{bad.id}", about:)
  end

  describe "a contact that cannot be asked for" do
    let(:bad) { message(site, contact: contact(site)) }

    before do
      bad
      message(site)
      drain(crm)
      PwbCrm::Delivery.delete_all
      remote.pushed.clear
    end

    def drain_while_contact_raises(error)
      allow_any_instance_of(Pwb::Message).to receive(:contact).and_wrap_original do |original| # rubocop:disable RSpec/AnyInstance -- loaded deep within
        original.receiver.id == bad.id ? raise(error) : original.call
      end
      PwbCrm.track(Pwb::Message.all)
      drain(crm)
    end

    it "makes a dead letter of its message alone" do
      drain_while_contact_raises(NoMethodError.new("secret value"))
      expect(states).to eq(%w[failed succeeded])
      expect(deliveries.first.error_message).to match(/\Amessage #{bad.id}, message.contact: its reader raised No/)
    end

    it "for want of the host's database has its message alone tried again" do
      drain_while_contact_raises(ActiveRecord::StatementInvalid.new("secret value"))
      expect(states).to eq(%w[pending succeeded])
      expect(deliveries.first.error_code).to eq("host_database")
    end
  end

  describe "a fault of the host's database" do
    it "while a record is read puts back that one and holds up no other" do
      bad, good = Array.new(2) { contact(site) }
      configure(readers: { contact: { phone: ->(record) { record == bad ? Pwb::Contact.find(0) : "1" } } })
      drain(crm)
      expect(remote.keys).to eq(["contact #{good.id}"])
      expect(deliveries.first).to have_attributes(state: "pending", attempts: 1, error_code: "host_database",
                                                  error_message: /\Acontact #{bad.id}, contact.phone: .*RecordNotFound/)
      expect(PwbCrm::SyncLog.failed.sole.error_code).to eq("host_database")
    end

    it "while a kind is read puts back that kind and holds up no other" do
      record = contact(site)
      message(site)
      allow(Pwb::Message).to receive(:where).and_raise(ActiveRecord::StatementInvalid, "no such view")
      drain(crm)
      expect(remote.keys).to eq(["contact #{record.id}"])
      expect(states).to eq(%w[succeeded pending])
    end
  end
end
