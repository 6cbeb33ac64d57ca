# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain::DetailsMirror do
  let(:site) { website }
  let!(:crm) { integration(site) }

  def details(record) = record.class.find(record.id).details

  it "copies the remote id into a record's details, as the plan's spec expects" do
    record = contact(site)
    drain(crm)
    expect(record.reload.details["zoho_id"]).to eq("remote-#{record.id}")
  end

  it "leaves the host's keys, timestamps and callbacks alone, and notes no delivery" do
    record = contact(site, details: { "vip" => true, "nested" => { "a" => [1, 2.5] }, "zendesk_id" => "5" })
    before = record.reload.updated_at
    drain(crm)
    expect(details(record)).to eq("vip" => true, "nested" => { "a" => [1, 2.5] }, "zendesk_id" => "5",
                                  "zoho_id" => "remote-#{record.id}")
    expect(record.reload.updated_at).to eq(before)
    expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
  end

  it "fills details that are nil, and passes over what is no object" do
    empty = contact(site, details: nil)
    list = contact(site, details: [1])
    text = contact(site, details: "note")
    drain(crm)
    expect(details(empty)).to eq("zoho_id" => "remote-#{empty.id}")
    expect(details(list)).to eq([1])
    expect(details(text)).to eq("note")
  end

  it "writes nothing when it is there already, or for records without details" do
    record = contact(site)
    message(site)
    drain(crm)
    record.update!(first_name: "Eva")
    expect(statements_of { drain(crm) }.grep(/UPDATE .pwb_messages/)).to be_empty
    expect(details(record)).to eq("zoho_id" => "remote-#{record.id}")
  end

  describe "a copy that fails" do
    include_context "with an error reporter"

    it "is reported, and neither loses the link nor sends the record again" do
      allow_any_instance_of(described_class::Copy).to receive(:call).and_raise(ActiveRecord::StatementInvalid, "secret") # rubocop:disable RSpec/AnyInstance -- made deep within
      record = contact(site)
      2.times { drain(crm) }
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
      expect(crm.links.sole.record_id).to eq(record.id.to_s)
      expect(ScriptedProvider.pushed.size).to eq(1)
      expect(reported.contexts.sole.dig(:context, :doing))
        .to eq("copying the remote id into the details of Pwb::Contact #{record.id}")
    end
  end

  it "passes over what the database cannot work with, reports it, and goes on" do
    odd, plain = Array.new(2) { contact(site) }
    allow(PwbCrm::Report).to receive(:call)
    broken = PwbCrm::Sql.postgresql? ? '{"a": "\\u0000"}' : "{no json"
    Pwb::Contact.where(id: odd.id).update_all(["details = ?", broken])
    drain(crm)
    expect(details(plain)).to eq("zoho_id" => "remote-#{plain.id}")
    expect(PwbCrm::Delivery.pluck(:state)).to eq(%w[succeeded succeeded])
    expect(PwbCrm::Report).to have_received(:call)
      .with(instance_of(ActiveRecord::StatementInvalid), doing: /details of Pwb::Contact #{odd.id}\z/)
  end

  it "can be switched off" do
    configure(mirror_ids: false)
    record = contact(site)
    drain(crm)
    expect(details(record)).to eq({})
  end

  it "does not undo a change that the host made since the record was read" do
    record = contact(site)
    ScriptedProvider.script = lambda do |work|
      Pwb::Contact.find(record.id).update_column(:details, { "vip" => true })
      ScriptedProvider.succeeded(work)
    end
    drain(crm)
    expect(details(record)).to eq("vip" => true, "zoho_id" => "remote-#{record.id}")
  end

  describe "a row that the host has locked", :committed, :postgresql do
    it "is passed over" do
      record = contact(site)
      during_open_save(record, updated_at: 1.day.ago) { drain(crm) }
      expect(details(record)).to eq({})
      expect(crm.links.sole.external_id).to eq("remote-#{record.id}")
    end
  end
end
