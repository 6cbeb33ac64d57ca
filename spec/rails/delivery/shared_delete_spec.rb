# frozen_string_literal: true

require "rails_helper"

# Contacts with one address are one person at Zoho and Zendesk.
RSpec.describe "deleting a contact whose person others have, too" do
  include_context "with remotes"

  let(:deleting) { { settings: { "deletes" => "delete" } } }
  let(:person) { contact(site) }

  before do
    [crm, desk].each { |one| one.update!(deleting) }
    person
    drain_all
  end

  def people = [zoho.records("Contacts").size, zendesk.users.count { |user| user["email"] == "ana@example.com" }]

  def delete(record)
    record.destroy!
    drain_all
  end

  def latest(record, one = crm) = one.deliveries.of_record("contact", record.id).order(:id).last

  def linked(record) = PwbCrm::Link.of_records("contact", [record.id]).where.not(integration: hook)

  describe "of the same website" do
    let!(:twin) { contact(site, first_name: "Twin") }

    before { drain_all }

    it "leaves the person to the other, says so, and knows the record no more" do
      delete(person)
      expect(people).to eq([1, 1])
      expect([linked(person).count, linked(twin).count]).to eq([0, 2])
      expect(receiver.events.last).to include("type" => "contact.deleted")
      [crm, desk].each do |one|
        expect(latest(person, one)).to have_attributes(
          state: "skipped", error_code: "shared", cure: /nothing to do/i,
          error_message: /contact #{person.id}.* stays.*contact #{twin.id} of this website/
        )
      end
    end

    it "is explained" do
      delete(person)
      expect(PwbCrm.explain(kind: "contact", id: person.id).to_s)
        .to match(/left out at .*contact #{twin.id} of this website is the same person.*deleted\. Nothing to do/)
    end

    it "ends with the person once the last one goes" do
      [person, twin].each { |one| delete(one) }
      expect([people, linked(person).count, linked(twin).count]).to eq([[0, 0], 0, 0])
      expect(latest(twin).state).to eq("succeeded")
    end

    it "ends with the person where both go at once" do
      person.destroy!
      delete(twin)
      expect([people, PwbCrm::Link.where.not(integration: hook).count]).to eq([[0, 0], 0])
    end

    it "is no longer kept by one who was deleted while the remotes kept such" do
      [crm, desk].each { |one| one.update!(settings: { "deletes" => "keep" }) }
      delete(person)
      expect([people, latest(person).error_code]).to eq([[1, 1], nil])
      [crm, desk].each { |one| one.reload.update!(deleting) }
      delete(twin)
      expect(people).to eq([0, 0])
    end
  end

  describe "of another website on the same account" do
    let(:theirs) { website }
    let(:others) do
      [integration(theirs, "zoho_crm", config: zoho_config, settings: their_settings),
       integration(theirs, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token" },
                                      settings: their_settings)]
    end
    let(:their_settings) { { "deletes" => "delete" } }
    let!(:stranger) { others && contact(theirs) }

    def drain_theirs
      all_due
      others.each { |one| drain(one) }
    end

    before { 2.times { drain_theirs } }

    it "leaves the person and says nothing of who they are" do
      delete(person)
      expect(people).to eq([1, 1])
      expect(latest(person)).to have_attributes(state: "skipped", error_code: "shared",
                                                error_message: /somebody else .* same account/)
      expect(latest(person).error_message).not_to match(/website #{theirs.id}|contact #{stranger.id}\b/)
    end

    it "ends with the person once the last one goes" do
      delete(person)
      stranger.destroy!
      drain_theirs
      expect(people).to eq([0, 0])
    end

    it "is kept for those who keep what they delete" do
      others.each { |one| one.reload.update!(settings: { "deletes" => "keep" }) }
      stranger.destroy!
      drain_theirs
      delete(person)
      expect([people, latest(person).error_code]).to eq([[1, 1], "shared"])
    end
  end

  it "leaves the person to one who takes the address in the same turn" do
    person.destroy!
    heir = contact(site, first_name: "Heir")
    drain_all
    expect(people).to eq([1, 1])
    ids = [zoho.records("Contacts").sole["id"], zendesk.users.find { |one| one["email"] == "ana@example.com" }["id"]]
    expect(linked(heir).order(:integration_id).pluck(:external_id)).to eq(ids.map(&:to_s))
    expect(latest(person).error_code).to eq("shared")
  end

  it "leaves the person to the other where nobody knows whether the record arrived" do
    twin = contact(site, first_name: "Twin")
    zendesk.fail_next(1, reset: :after, only: ->(request) { request.path.end_with?("/create_or_update") })
    drain_all
    expect([linked(twin).pluck(:integration_id), latest(twin, desk).doubt]).to eq([[crm.id], true])
    delete(twin)
    expect(people).to eq([1, 1])
    expect(latest(twin, desk)).to have_attributes(state: "skipped", error_code: "shared")
  end
end
