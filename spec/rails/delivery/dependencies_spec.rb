# frozen_string_literal: true

require "rails_helper"

# A message waits for its contact, and never for ever.
RSpec.describe "a message's contact" do
  include_context "with remotes"

  let(:person) { contact(site) }

  before { enquiry(contact: person) }

  def enquiry(**) = message(site, origin_email: "bo@example.com", **)

  def rows(type) = PwbCrm::Delivery.where(record_type: type, integration: crm)

  def state_of(type) = rows(type).order(:id).last.state

  def drain_twice = 2.times { drain_all }

  it "that is a dead letter does not hold the message up: the person is made on the way, once" do
    zoho.fail_next(1, status: 400, body: { code: "INVALID_DATA", message: "no", status: "error" }.to_json,
                      only: ->(request) { request.post? })
    drain_twice
    expect([state_of("contact"), state_of("message")]).to eq(%w[failed succeeded])
    expect(zoho.records("Notes").sole["Parent_Id"]["id"]).to eq(zoho.records("Contacts").sole["id"])

    PwbCrm::Delivery.dead.replay
    drain_all
    expect(state_of("contact")).to match(/succeeded|skipped/)
    expect(zoho.records("Contacts").size).to eq(1)
  end

  it "that is held does not hold the message up, nor later changes of its own, which make up for it" do
    rows("contact").update_all(state: "held")
    drain_all
    expect([state_of("contact"), state_of("message")]).to eq(%w[held succeeded])
    person.update!(first_name: "Eva")
    drain_all
    expect(rows("contact").order(:id).pluck(:state)).to eq(%w[superseded succeeded])
  end

  it "that is of a kind switched off meanwhile is left out, and the message goes" do
    crm.update!(sync_contacts: false)
    drain_twice
    expect([state_of("contact"), state_of("message")]).to eq(%w[skipped succeeded])
  end

  it "that is another website's is not waited for" do
    integration(neighbour = website)
    enquiry(contact: contact(neighbour))
    drain_twice
    expect(rows("message").pluck(:state)).to eq(%w[succeeded succeeded])
  end

  it "that moved to another website is left out, and the message goes" do
    person.update_column(:website_id, website.id)
    drain_twice
    expect([state_of("contact"), state_of("message")]).to eq(%w[skipped succeeded])
  end

  it "that was destroyed while it was in line is a delete, after which the message goes" do
    person.destroy!
    drain_twice
    expect(rows("contact").sole).to have_attributes(action: "delete", state: "skipped")
    expect(state_of("message")).to eq("succeeded")
  end

  it "that was deleted without callbacks is left out, and the message goes" do
    person.delete
    drain_twice
    expect([state_of("contact"), state_of("message")]).to eq(%w[skipped succeeded])
  end

  it "that is tried again and again holds the message up until its last attempt, not longer" do
    configure(max_attempts: 3)
    zoho.fail_next(3, status: 502, body: "", only: ->(request) { request.post? && request.path.end_with?("/upsert") })
    2.times { drain_all }
    expect([state_of("contact"), state_of("message")]).to eq(%w[pending pending])
    2.times { drain_all }
    expect([state_of("contact"), state_of("message")]).to eq(%w[failed succeeded])
  end

  it "has nothing to wait for, so that nothing waits in a circle" do
    ticket(site)
    expect(PwbCrm::Delivery.where.not(depends_on_type: nil).distinct.pluck(:record_type, :depends_on_type))
      .to eq([%w[message contact]])
  end
end
