# frozen_string_literal: true

require "rails_helper"

# What a drain costs the database, BEGIN and COMMIT included: everything a job does, from the look at the
# integration to the look for what is next.
RSpec.describe "the statements of a drain", :committed do
  def contacts(count)
    emails = Array.new(count) { |index| "a#{index}@example.com" }
    Pwb::Contact.insert_all!(emails.map { |email| { website_id: site.id, first_name: "Ana", primary_email: email } })
    PwbCrm.track(Pwb::Contact.where(website: site))
  end

  def cost(integration) = statements_of { drain(integration) }

  describe "of a hundred contacts" do
    include_context "with remotes"

    def kept(integration)
      [integration.deliveries.distinct.pluck(:state), integration.links.count, integration.sync_logs.count]
    end

    # The first turn after connecting asks once whose account it is.
    before do
      [crm, desk].each { |one| one.note_account("acme") }
      contacts(100)
    end

    it "for Zoho are a fifth for each delivery at most" do
      expect(cost(crm).size).to be <= 20
      expect(kept(crm)).to eq([["succeeded"], 100, 100])
      expect(Pwb::Contact.pluck(:details)).to all(include("zoho_id" => /\A\d+\z/))
    end

    it "for Zendesk are one for each delivery at most" do
      expect(cost(desk).size).to be <= 100
      expect(kept(desk)).to eq([["succeeded"], 100, 100])
      expect(Pwb::Contact.pluck(:details)).to all(include("zendesk_id" => /\A\d+\z/))
    end

    it "are not made by a new client for each slice" do
      hook
      allow(PwbCrm::WebhookClient).to receive(:new).and_call_original
      drain(hook)
      expect(PwbCrm::WebhookClient).to have_received(:new).once
    end

    it "for a webhook are one for each delivery at most" do
      expect(cost(hook).size).to be <= 100
      expect(kept(hook)).to eq([["succeeded"], 100, 100])
    end
  end

  describe "of a batch" do
    let(:site) { website }
    let(:remote) { ScriptedProvider }
    let!(:crm) { integration(site) }

    before do
      remote.slice = 100
      contacts(100)
    end

    def all = PwbCrm::Delivery.order(:id)

    def claim(lease) = PwbCrm::Delivery.claim(lease, limit: 100)

    def recover = PwbCrm::Delivery.recover(PwbCrm::Lease.acquire(crm.id))

    it "are no more for updates, whose links are there" do
      drain(crm)
      PwbCrm.track(Pwb::Contact.all)
      remote.script = ->(work) { remote.succeeded(work, shadow: { "name" => "2e" }) }
      expect(cost(crm).size).to be <= 20
      expect(crm.links.pluck(:shadow).uniq).to eq([{ "name" => "2e" }])
    end

    it "are hardly more when all of it fails, and each goes again at a time of its own" do
      remote.script = ->(work) { remote.failed(work, :remote, "500", status: 500) }
      configure(outage_after: 1_000)
      expect(cost(crm).size).to be <= 25
      expect(all.pluck(:state, :attempts, :doubt, :error_code).uniq).to eq([["pending", 1, true, "remote"]])
      expect(all.pluck(:error_message)).to eq(all.map { |one| "#{one.label}: 500." })
      expect(all.pluck(:run_at).uniq.size).to be > 50
    end

    it "that is put back are few, and each keeps its place" do
      places = all.pluck(:run_at)
      allow(PwbCrm::Delivery).to receive(:claim).and_wrap_original do |claim, *args, **more|
        claim.call(*args, **more).tap { configure(enabled: false) }
      end
      expect(cost(crm).size).to be <= 20
      expect(all.pluck(:state, :attempts, :run_at)).to eq(places.map { |place| ["pending", 0, place] })
    end

    it "that a dead worker left are few" do
      claim(lease = PwbCrm::Lease.acquire(crm.id))
      lease.release
      expect(statements_of { recover }.size).to be <= 10
      expect(all.pluck(:state, :attempts, :doubt).uniq).to eq([["pending", 1, true]])
    end

    it "that steps back behind newer rows are few" do
      claim(lease = PwbCrm::Lease.acquire(crm.id))
      lease.release
      PwbCrm.track(Pwb::Contact.all)
      expect(statements_of { recover }.size).to be <= 10
      expect(all.pluck(:state).tally).to eq("superseded" => 100, "pending" => 100)
      expect(all.waiting.pluck(:attempts, :doubt).uniq).to eq([[1, true]])
    end
  end
end
