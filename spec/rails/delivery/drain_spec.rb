# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def deliveries = PwbCrm::Delivery.order(:id)

  def states = deliveries.pluck(:state)

  describe "what goes out" do
    it "is the record as it is now, with its link, and comes back into link, delivery and log" do
      record = contact(site)
      record.update!(first_name: "Eva")
      drain(crm)

      work = remote.pushed.sole.sole
      expect(work).to include(action: "upsert", link: nil, parent: nil, doubt: false, reference: /\APWB-\h{8}\z/)
      expect(work[:record]).to include(kind: "contact", id: record.id, first_name: "Eva")
      expect(work[:website]).to include(slug: site.subdomain, name: "Acme Homes")
      expect(deliveries.sole).to have_attributes(state: "succeeded", attempts: 1, doubt: false, error_message: nil)
      expect(crm.links.sole).to have_attributes(
        record_type: "contact", record_id: record.id.to_s,
        external_type: "thing", external_id: "remote-#{record.id}", shadow: { "name" => "1f" }
      )
    end

    it "carries the link of an earlier delivery, and the same reference" do
      record = contact(site)
      drain(crm)
      record.update!(first_name: "Eva")
      drain(crm)

      first, second = remote.pushed.flatten
      expect(second[:link]).to eq(external_type: "thing", external_id: "remote-#{record.id}",
                                  shadow: { "name" => "1f" }, mapping_version: "1")
      expect(second[:reference]).to eq(first[:reference])
      expect(second[:event_id]).not_to eq(first[:event_id])
    end

    it "carries the link of the person behind a message" do
      record = contact(site)
      message(site, contact: record)
      drain(crm)
      expect(remote.pushed.flatten.last[:parent]).to eq(external_type: "thing", external_id: "remote-#{record.id}")
    end

    it "links the person that was found on the way to the user behind a ticket" do
      person = { role: "parent", external_type: "user", external_id: "99" }
      remote.script = ->(work) { remote.succeeded(work, links: [person]) }
      first = ticket(site)
      drain(crm)
      Pwb::SupportTicket.create!(website: site, creator: first.creator, subject: "Again")
      drain(crm)

      expect(crm.links.find_by!(record_type: "user"))
        .to have_attributes(record_id: first.creator_id.to_s, external_id: "99")
      expect(remote.pushed.flatten.last[:parent]).to eq(external_type: "user", external_id: "99")
    end

    it "of a destroyed record is its tombstone, and the link goes with it" do
      record = contact(site)
      drain(crm)
      record.destroy!
      remote.script = ->(work) { remote.outcome(work, status: :succeeded, action: :deleted, id: "remote-1") }
      drain(crm)

      work = remote.pushed.flatten.last
      expect(work).to include(action: "delete", link: include(external_id: "remote-#{record.id}"))
      expect(work[:record]).to include(kind: "contact", id: record.id.to_s, email: "ana@example.com")
      expect(crm.links).to be_empty
      expect(deliveries.last.tombstone).to be_blank
    end

    it "is one contact and one message for the host's three saves, the contact first" do
      enquiry = message(site)
      person = contact(site)
      enquiry.update!(contact: person)
      enquiry.update!(realty_asset: Pwb::RealtyAsset.create!(website: site, reference: "R1"))
      drain(crm)
      expect(remote.keys).to eq(["contact #{person.id}", "message #{enquiry.id}"])
    end

    it "is sent in slices and read with one query for each type" do
      people = Array.new(12) { contact(site) }
      people.each { |person| message(site, contact: person) }
      read = statements_of { drain(crm) }.grep(/\ASELECT/)

      expect(remote.pushed.map(&:size)).to eq([10, 2, 10, 2])
      expect(read.grep(/FROM .pwb_messages/).size).to eq(1)
      expect(read.grep(/FROM .pwb_contacts/).size).to eq(2)
      expect(read.grep(/FROM .pwb_websites/).size).to eq(1)
    end

    it "is nothing of another tenant's" do
      record = contact(site)
      record.update_column(:website_id, website.id)
      drain(crm)
      expect(remote.pushed).to be_empty
      expect(deliveries.sole)
        .to have_attributes(state: "skipped", error_message: "contact #{record.id} is no longer there")
      expect(PwbCrm::SyncLog.sole.response_payload).to include("status" => "skipped", "reason" => /no longer there/)
    end
  end

  describe "what is left out" do
    it "are kinds that were switched off since" do
      record = message(site)
      crm.update!(sync_messages: false)
      drain(crm)
      expect(deliveries.sole)
        .to have_attributes(state: "skipped", error_message: /message #{record.id} is of a kind that is switched off/)
    end

    it "are records to skip" do
      spam = contact(site)
      configure(skip_record: ->(record) { record.id == spam.id })
      drain(crm)

      expect(states).to eq(%w[skipped])
      expect(remote.pushed).to be_empty
    end
  end

  describe "a worker that died" do
    it "leaves deliveries in doubt, which are looked up before they are repeated" do
      contact(site)
      PwbCrm::Delivery.claim(PwbCrm::Lease.acquire(crm.id, seconds: -1), limit: 10)
      drain(crm)
      expect(remote.pushed.sole.sole[:doubt]).to be(true)
      expect(deliveries.sole).to have_attributes(state: "succeeded", doubt: false, attempts: 2)
    end
  end

  describe "the lease" do
    it "keeps a second worker out" do
      contact(site)
      PwbCrm::Lease.acquire(crm.id)
      drain(crm)
      expect(remote.pushed).to be_empty
    end

    it "that was lost stops a worker before its next call, and its results are not written" do
      allow(Rails.error).to receive(:report)
      11.times { contact(site) }
      remote.script = lambda do |work|
        PwbCrm::Integration.where(id: crm.id).update_all("lease_token = lease_token + 1")
        remote.succeeded(work)
      end
      drain(crm)

      expect(remote.pushed.size).to eq(1)
      expect(states.uniq).to eq(%w[in_flight])
      expect(crm.links).to be_empty
    end

    it "outlives every call" do
      contact(site)
      left = nil
      remote.script = lambda do |work|
        left = crm.reload.leased_until - Time.current
        remote.succeeded(work)
      end
      configure(timeout: 90)
      drain(crm)
      expect(left).to be > 90
      expect(crm.reload.leased_until).to be_nil
    end
  end

  describe "the budget" do
    it "is kept: what is left goes back in line, and another job takes it up" do
      15.times { contact(site) }
      configure(drain_budget: 1)
      slow = 1.1
      remote.script = lambda do |work|
        sleep(slow) && slow = 0
        remote.succeeded(work)
      end
      expect { drain(crm) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id).once
      expect(PwbCrm::Delivery.group(:state).count).to eq("succeeded" => 10, "pending" => 5)
      expect(deliveries.waiting.pluck(:attempts).uniq).to eq([0])
    end
  end

  it "sends something in each turn, however little time there is" do
    configure(drain_budget: 0.000001)
    15.times { contact(site) }
    drain(crm)
    expect(PwbCrm::Delivery.group(:state).count).to eq("succeeded" => 10, "pending" => 5)
  end

  it "enqueues itself for what is to be tried again" do
    contact(site)
    remote.script = ->(work) { remote.failed(work, :rate_limit, retry_after: 300) }
    expect { drain(crm) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob)
      .at(be_within(10.seconds).of(302.seconds.from_now))
  end

  it "runs as the tenant" do
    seen = []
    configure(around_job: lambda do |tenant, work|
      seen << tenant
      work.call
    end)
    contact(site)
    PwbCrm::IntegrationSyncJob.perform_now(crm.id)
    expect(seen).to eq([site])
  end

  it "does nothing for an integration that is gone" do
    expect { PwbCrm::IntegrationSyncJob.perform_now(0) }.not_to raise_error
  end
end
