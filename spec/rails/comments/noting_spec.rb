# frozen_string_literal: true

require "rails_helper"

# Replies in support tickets are noted once; internal notes never.
RSpec.describe "noting replies" do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:problem) { ticket(site).tap { deliveries.delete_all } }

  def deliveries = PwbCrm::Delivery.order(:id)

  def comments = deliveries.where(record_type: "comment")

  it "notes a reply as it is made, waiting for its ticket" do
    record = reply(problem)
    expect(comments.sole).to have_attributes(record_id: record.id, action: "create", depends_on_type: "support_ticket",
                                             depends_on_id: problem.id, integration_id: crm.id)
  end

  it "notes none of an integration that takes none, nor of another website" do
    crm.update!(sync_comments: false)
    integration(website)
    reply(problem)
    expect(comments).to be_empty
  end

  it "notes no internal note, and not what a reader calls anything but true" do
    reply(problem, internal_note: true)
    [nil, false, 1, "yes"].each do |word|
      configure(readers: { comment: { public: ->(_) { word } } })
      reply(problem)
    end
    expect(comments).to be_empty
  end

  it "notes none of which the column does not say that it is public" do
    reply(problem, internal_note: nil)
    expect(comments).to be_empty
  end

  it "notes a note that is published later, and no other change, nor a delete" do
    record = reply(problem, internal_note: true)
    record.update!(content: "Edited")
    expect(comments).to be_empty
    record.update!(internal_note: false)
    expect(comments.sole).to have_attributes(record_id: record.id, action: "update")
    comments.delete_all
    record.update!(content: "Edited again")
    record.destroy!
    expect(comments).to be_empty
  end

  it "leaves out the host's copy of what the ticket says, and only that" do
    created = ticket(site)
    expect(comments).to be_empty
    reply(created, created.description)
    expect(comments.count).to eq(1)
    reply(ticket(site, description: "Help"), "Help", user:)
    expect(comments.count).to eq(2)
  end

  it "keeps the host's save when a reader raises" do
    configure(readers: { comment: { public: ->(_) { raise "no" } } })
    expect { reply(problem) }.to change(Pwb::TicketMessage, :count).by(2) # the ticket's own, and this one
    expect(comments).to be_empty
  end

  it "asks no lambda of a record that is gone" do
    record = reply(problem)
    expect(statements_of { record.destroy! }.grep(/pwb_integration/)).to be_empty
  end

  describe "on request" do
    let!(:records) do
      [reply(problem, "One"), reply(problem, "internal text", internal_note: true), reply(problem, "Two")]
    end

    before { deliveries.delete_all }

    def noted = comments.pluck(:record_id, :depends_on_id)

    it "tracks records and relations in the order they were made, without internal notes and the ticket's own text" do
      expected = [records.first, records.last].map { |one| [one.id, problem.id] }
      PwbCrm.track(Pwb::TicketMessage.all)
      expect(noted).to eq(expected)
      deliveries.delete_all
      PwbCrm.track(records.reverse)
      expect(noted).to eq(expected)
      expect(PwbCrm.track(records.second)).to eq(0)
    end

    it "reads the tickets of a relation with one query" do
      expect(statements_of { PwbCrm.track(Pwb::TicketMessage.all) }.grep(/SELECT.*pwb_support_tickets/).size).to eq(1)
    end

    it "finds what was written without callbacks, once, and no deletes" do
      PwbCrm::Link.create!(integration: crm, record_type: "comment", record_id: "gone", external_type: "comment",
                           external_id: "1")
      integration(neighbour = website)
      other = ticket(neighbour)
      deliveries.delete_all
      expect { PwbCrm::Reconcile.call }.to change(comments, :count).by(2)
      expect(comments.pluck(:record_id)).to match_array([records.first, records.last].map(&:id))
      comments.update_all(state: "succeeded")
      records.first.update_columns(content: "Edited", updated_at: 1.hour.from_now)
      expect { PwbCrm::Reconcile.call }.not_to(change(comments, :count))
      expect(other.messages.count).to eq(1)
    end
  end

  describe "what is pending all the same" do
    def note_whatever(*records)
      rows = records.map { |one| PwbCrm::Outbox::Bulk::Row.new(one.id, site.id, one.support_ticket_id, one.created_at) }
      PwbCrm::Outbox::Bulk.new(rows, kind: "comment").write
    end

    it "is not handed over to any provider, if it is an internal note or the ticket's own text" do
      note_whatever(reply(problem, internal_note: true), problem.messages.order(:created_at).first)
      2.times { all_due && drain(crm) }
      expect(comments.pluck(:state)).to eq(%w[skipped skipped])
      expect(remote.keys).to be_empty
    end

    it "moves up with its ticket from a bulk that is held, where a fresh reply waits for it" do
      old, young = Array.new(2) { reply(problem) }
      deliveries.delete_all
      note_whatever(old)
      deliveries.update_all(bulk: true)
      PwbCrm.track(young)
      crm.update_columns(bulk_held: true)
      2.times { all_due && drain(crm) }
      expect(remote.keys).to eq([old, young].map { |one| "comment #{one.id}" })
    end
  end

  it "says what is missing where no way leads from a reply to its website" do
    configure(readers: { comment: { ticket: ->(comment) { comment.support_ticket } } })
    record = reply(problem)
    drain(crm)
    expect(comments.sole).to have_attributes(record_id: record.id, error_message: /belongs_to of its ticket: name/)
  end
end
