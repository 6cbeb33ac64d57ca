# frozen_string_literal: true

require "rails_helper"

# A reply of which nobody knows whether it arrived is known again by its own mark, not by its words.
RSpec.describe "replies in doubt" do
  include_context "with remotes"

  let!(:problem) { ticket(site, description: "hello") }

  def said = zendesk.comments(zendesk.tickets.sole["id"]).map { |one| one["body"] }

  def row = PwbCrm::Delivery.where(record_type: "comment", integration: desk).sole

  def link = PwbCrm::Link.where(record_type: "comment", integration: desk).sole

  def break_put(reset) = zendesk.fail_next(1, reset:, only: ->(request) { request.put? })

  def drain_often(times = 6)
    drain_all while (times -= 1) >= 0 && PwbCrm::Delivery.waiting.exists?
  end

  it "stays as it was sent, though it was edited before anybody knew" do
    drain_all
    record = reply(problem, "first words")
    break_put(:after)
    drain_all
    expect(row).to have_attributes(state: "pending", doubt: true)
    record.update!(content: "other words")
    drain_often
    expect(said).to eq(["hello", "first words"])
    expect(row.state).to eq("succeeded")
    expect(zendesk.crm_record("comment", link.external_id)).to include("body" => "first words")
  end

  it "goes as it reads now, if it had not arrived" do
    drain_all
    record = reply(problem, "first words")
    break_put(:before)
    drain_all
    record.update!(content: "other words")
    drain_often
    expect(said).to eq(["hello", "other words"])
  end

  it "is not taken for the ticket's own text" do
    reply(problem, "hello")
    break_put(:before)
    drain_often
    expect(said).to eq(%w[hello hello])
    expect(link.external_id).to eq(zendesk.comments(zendesk.tickets.sole["id"]).last["id"].to_s)
  end

  it "is not taken for what somebody else said in the same words" do
    drain_all
    reply(problem, "Thanks!")
    break_put(:before)
    drain_all
    zendesk.add_comment(zendesk.tickets.sole["id"], "body" => "Thanks!")
    drain_often
    expect(said).to eq(["hello", "Thanks!", "Thanks!"])
  end

  it "is found below a hundred newer changes of its ticket" do
    drain_all
    reply(problem, "Thanks!")
    break_put(:after)
    drain_all
    id = zendesk.tickets.sole["id"]
    120.times { |number| zendesk.add_comment(id, "body" => "Note #{number}", "public" => false) }
    drain_often
    expect(said.count("Thanks!")).to eq(1)
    expect(row.state).to eq("succeeded")
  end
end
