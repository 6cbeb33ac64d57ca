# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"
require_relative "../support/meeting"

RSpec.describe "What comes in while other workers are at the record", :committed, :postgresql do
  include_context "with a Zendesk user"
  include_context "with remotes"
  include_context "with others at the same rows"

  it "keeps no delivery waiting for the host's handler" do
    desk
    contact(site)
    drain_all
    begun = delivered = nil
    configure(inbound_handlers: { contact: lambda do |*|
      begun = true
      wait_until(within: 20) { delivered }
    end })
    link = PwbCrm::Link.find_by!(integration: desk, record_type: "contact")
    user_event("1", id: link.external_id)
    handling = beside { apply }
    wait_until { begun }
    Pwb::Contact.find(link.record_id).update!(last_name: "Other")
    all_due
    drain(desk)
    delivered = true
    handling.value
    expect([desk.deliveries.distinct.pluck(:state), endings]).to eq([%w[succeeded], [["applied", nil]]])
  end

  it "takes back what something newer overtook" do
    link
    newer = lambda do
      newer = nil
      beside { user_event("2", at: 1) && apply }.value
    end
    configure(inbound_handlers: { contact: lambda do |record, change|
      taken << change.fields["phone"]
      newer&.call
      record.update!(primary_phone_number: change.fields["phone"])
    end })
    user_event("1")
    apply
    expect([taken, phone, endings]).to eq([%w[1 2], "2", [%w[ignored stale], ["applied", nil]]])
  end

  it "ends in the newest state, where that was the record's before an older change was taken over" do
    stub_const("PwbCrm::Inbound::Turn::SLICE", 1)
    person.update!(primary_phone_number: "new")
    link
    older = user_event("old", at: 1)
    at_older = at_newer = nil
    configure(inbound_handlers: { contact: lambda do |record, change|
      at_older = true if change.fields["phone"] == "old"
      at_newer = true if change.fields["phone"] == "new"
      wait_until(within: 20) { at_newer && (change.fields["phone"] == "old" || older.reload.state == "applied") }
      record.update!(primary_phone_number: change.fields["phone"])
    end })
    workers = [beside { apply }]
    wait_until(within: 20) { at_older }
    user_event("new", at: 2)
    workers << beside { apply }
    workers.each(&:value)
    expect([phone, endings]).to eq(["new", [["applied", nil]] * 2])
  end

  it "leaves to another attempt what is overtaken each time" do
    known = link
    configure(inbound_handlers: { contact: lambda do |*|
      taken << 1
      beside { PwbCrm::Link.where(id: known.id).update_all(inbound_at: Time.utc(2020) + taken.size) }.value
    end })
    event = user_event("1")
    apply
    expect(taken.size).to eq(4)
    expect(event.reload).to have_attributes(state: "pending", attempts: 1, error_code: "overtaken", cure: /Make the/,
                                            error_message: /inbound event #{event.id}/, run_at: be > Time.current)
  end

  it "keeps no first delivery waiting either, where the remote knows the record already" do
    delivered = nil
    configure(inbound_handlers: { contact: lambda do |record, change|
      taken << change.fields["phone"]
      delivered ||= beside { drain(desk) }.tap { |other| other.join(10) || raise("it waited for the handler") }
      record.update!(primary_phone_number: change.fields["phone"])
    end })
    mark = "pwb:#{site.id}:contact:#{person.id}"
    id = zendesk.add_user("external_id" => mark, "name" => "Ana").fetch("id").to_s
    user_event("1", mark:, id:)
    all_due
    apply
    expect([taken, endings, phone]).to eq([%w[1 1], [["applied", nil]], "1"])
    expect(PwbCrm::Link.sole).to have_attributes(external_id: id, inbound_at: Time.utc(2026), shadow: be_present)
  end

  describe "and the same link" do
    let!(:change) { PwbCrm::Inbound::Change.of(user_event("1", position: 7), fields: {}, sequence: "7") }
    let!(:known) { link }
    let(:both) { { shadow: { "name" => "1f" }, inbound_at: Time.utc(2026), inbound_sequence: "7" } }

    def settle = PwbCrm::Link.keep([PwbCrm::Link.find(known.id).tap { |one| one.shadow = { "name" => "1f" } }])

    it "keeps what a settlement learned that waited for it" do
      held_up(-> { PwbCrm::Link.find(known.id).advance(change) }) { settle }
      expect(known.reload).to have_attributes(both)
    end

    it "keeps what came in while a settlement held it" do
      held_up(-> { settle }) { PwbCrm::Link.find(known.id).advance(change) }
      expect(known.reload).to have_attributes(both)
    end
  end
end
