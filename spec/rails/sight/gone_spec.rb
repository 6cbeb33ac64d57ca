# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# What PwbCrm.explain says of what is no more, or is to be.
RSpec.describe PwbCrm::Explanation do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:person) { contact(site) }

  def of_gone = PwbCrm.explain(kind: "contact", id: person.id)

  def deliver_all
    all_due
    drain(crm)
  end

  describe "of a record that is gone" do
    before do
      integration(site)
      person
      deliver_all
    end

    it "tells what becomes of its removal, by kind and id, and by the task" do
      person.destroy!
      PwbCrm::Delivery.where.not(integration: crm).delete_all
      expect(of_gone.common.map(&:to_s)).to include(/ok  gone: There is no contact #{person.id} any more/)
      expect(of_gone.answers.sole).to have_attributes(integration: crm, verdict: /worker sends it next/)
      deliver_all
      expect(of_gone.verdict).to match(/#{Regexp.escape(crm.label)}: It was removed there at/)
      expect { rake("explain", TYPE: "contact", ID: person.id) }.to output(/removed there at.*attempts:/m).to_stdout
    end

    it "says that nobody has passed it on yet" do
      Pwb::Contact.where(id: person.id).delete_all
      expect(of_gone.answers.first.verdict).to match(/is gone from the app since.*the reconcile notes that at night/)
      PwbCrm::Delivery.delete_all
      expect(of_gone.answers.sole.verdict).to match(/is gone from the app since/)
      PwbCrm::Link.update_all(erased_at: 1.day.ago)
      expect(of_gone.verdict).to match(/It was removed there/)
      PwbCrm::Link.delete_all
      expect(of_gone.verdict).to match(/Nothing is kept of its deliveries but attempts/)
    end

    it "says who is no longer there to tell" do
      Pwb::Contact.where(id: person.id).delete_all
      PwbCrm::Integration.update_all(disconnected_at: Time.current)
      expect(of_gone.verdict).to match(/was disconnected/)
    end

    it "answers for one integration, and is there as data" do
      person.destroy!
      asked = PwbCrm.explain(kind: :contact, id: person.id.to_s, integration: crm)
      expect(asked.to_h).to include(label: "contact #{person.id}", answers: [include(integration_id: crm.id)])
    end
  end

  it "takes the record by kind and id where it is there, and knows what never was" do
    expect(of_gone.to_s).to eq(PwbCrm.explain(person).to_s)
    expect { PwbCrm.explain(kind: "contact", id: 0) }
      .to raise_error(PwbCrm::ConfigurationError, /no contact 0, and nothing is known of one/)
    [nil, "", "user"].each do |kind|
      expect { PwbCrm.explain(kind:, id: 1) }.to raise_error(PwbCrm::ConfigurationError, /is one of contact/)
    end
  end

  it "tells of an erasure that goes out although its kind is off or it is left out" do
    person
    deliver_all
    PwbCrm.erase(person)
    crm.update!(sync_contacts: false)
    configure(skip_record: ->(_) { true })
    told = PwbCrm.explain(person)
    expect(told.to_s).to include("ok  takes_kind: sync_contacts is off, but what is to be erased goes out",
                                 "ok  skip_record: Its removal goes out")
    expect(told.steps.last.name).to eq(:turn)
    deliver_all
    expect(ScriptedProvider.pushed.last.last).to include(action: "erase")
    expect(PwbCrm.explain(person).verdict).to match(/skip_record leaves it out/)
  end

  context "with limits" do
    include_context "with paced remotes"

    let!(:crm) { integration(site, "zoho_crm", config: zoho_config, settings: { "daily_credits" => 30 }) }

    it "says that bulk waits for credits, as health does" do
      crm.note_account("acme")
      person
      crm.deliveries.update_all(bulk: true)
      PwbCrm::Budget::Credits.new(crm.budget_account, 30).spend(28)
      all_due
      said = PwbCrm.explain(person, integration: crm).steps.last
      expect(said).to have_attributes(name: :held_bulk, said: /noted in bulk, which waits.*credits: \d+ of/)
      expect(crm.reload.health.warnings).to include(/noted in bulk waits.*credits: \d+ of/)
      crm.deliveries.update_all(bulk: false)
      expect(PwbCrm.explain(person, integration: crm).steps.last.name).to eq(:turn)
    end
  end
end
