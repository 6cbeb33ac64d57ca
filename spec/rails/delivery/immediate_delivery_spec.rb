# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::ImmediateDelivery do
  let(:site) { website }
  let(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  before { configure(settle_time: 3600) }

  it "delivers a record at once and answers its outcome" do
    record = contact(site)
    outcome = crm.provider.sync_contact(record)

    expect(outcome).to have_attributes(success?: true, id: "remote-#{record.id}", action: :created)
    expect(crm.links.sole.external_id).to eq("remote-#{record.id}")
    expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
    expect(crm.reload.leased_until).to be_nil
  end

  it "delivers what was waiting about the record, once" do
    crm
    record = contact(site)
    crm.provider.sync_contact(record)
    expect(remote.keys).to eq(["contact #{record.id}"])
    expect(PwbCrm::Delivery.sole.action).to eq("create")
  end

  it "delivers a message after its contact" do
    crm
    record = message(site, contact: contact(site))
    outcome = crm.provider.sync_message(record)
    expect(remote.keys).to eq(["contact #{record.contact_id}", "message #{record.id}"])
    expect(outcome.id).to eq("remote-#{record.id}")
  end

  it "delivers a ticket" do
    expect(crm.provider.sync_support_ticket(record = ticket(site)).id).to eq("remote-#{record.id}")
  end

  it "answers a failure as an outcome, and tries it again later" do
    remote.script = ->(work) { remote.failed(work, :remote, "502", status: 502) }
    outcome = crm.provider.sync_contact(contact(site))
    expect(outcome.error).to be_a(PwbCrm::RemoteError)
    expect(row = PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 1)
    expect(outcome.reason).to eq("#{row.label} is tried again at #{row.next_attempt_at.utc.iso8601}, " \
                                 "after 1 of 12 attempts")
  end

  it "says what becomes of what failed for good, or waits for people" do
    remote.script = ->(work) { remote.failed(work, :validation) }
    expect(crm.provider.sync_contact(contact(site)).reason)
      .to match(/\Acontact \d+ is a dead letter: replay delivery #{PwbCrm::Delivery.sole.id}\z/)
    remote.script = ->(work) { remote.failed(work, :authentication) }
    expect(crm.provider.sync_contact(contact(site)).reason).to match(/\Acontact \d+ is queued: .* Connect the account/)
  end

  it "says when what another transaction keeps from going back in line is tried again", :committed, :postgresql do
    record = contact(site)
    saved, go_on = Array.new(2) { Queue.new }
    host = nil
    remote.script = lambda do |work|
      host = Thread.new { save_and_wait(record, { first_name: "Bo" }, saved, go_on) }
      saved.pop
      remote.failed(work, :connection)
    end
    expect(crm.provider.sync_contact(record).reason)
      .to match(/\Acontact \d+ is tried again within a minute, after 1 of 12 attempts\z/)
  ensure
    go_on << true
    host&.join
  end

  it "looks again afterwards, for what could not be done" do
    configure(settle_time: 0)
    record = contact(site)
    PwbCrm::Integration.note(wake_at: nil)
    remote.script = ->(work) { remote.failed(work, :rate_limit, retry_after: 300) }
    expect { crm.provider.sync_contact(record) }
      .to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id).at(be_within(10.seconds).of(302.seconds.from_now))
  end

  it "leaves the record in line while another worker delivers" do
    PwbCrm::Lease.acquire(crm.id)
    outcome = crm.provider.sync_contact(contact(site))
    expect(outcome).to have_attributes(skipped?: true,
                                       reason: /queued: another worker is delivering .*within a minute; nothing/)
    expect(PwbCrm::Delivery.sole.state).to eq("pending")
  end

  describe "where the remote allows but a few writes of one person" do
    include_context "with paced remotes"

    it "says when it goes out" do
      record = contact(site)
      expect(desk.provider.sync_contact(record)).to be_success
      record.update!(first_name: "Bo")
      outcome = desk.provider.sync_contact(record)
      expect(outcome).to be_skipped
      expect(outcome.reason).to match(/\Acontact #{record.id} is queued\. It goes out \(update\) at .* UTC\.\z/)
    end
  end

  it "says what it waits for" do
    crm
    record = message(site, contact: contact(site))
    remote.script = ->(work) { remote.failed(work, :remote, status: 502) }
    reason = crm.provider.sync_message(record).reason
    first = PwbCrm::Delivery.of_record("contact", record.contact_id).sole
    expect(reason).to start_with("message #{record.id} is queued. It waits for #{first.label}, which goes before it")
  end

  it "says that another worker has taken it along" do
    record = contact(site)
    allow(PwbCrm::Delivery).to receive(:claim).and_wrap_original do |original, *args, **options|
      PwbCrm::Delivery.of_record("contact", record.id).update_all(state: "succeeded", settled_at: Time.current)
      original.call(*args, **options)
    end
    expect(crm.provider.sync_contact(record).reason)
      .to match(/\Acontact #{record.id} went out with another worker's turn\. It was sent at/)
  end

  it "leaves it in line while the integration does not send, and says why" do
    crm.pause!("On holiday.")
    expect(crm.provider.sync_contact(contact(site)).reason).to match(/queued: On holiday/)
  end

  it "sends nothing of another website, nor for an inactive integration" do
    expect(crm.provider.sync_contact(contact(website)).reason).to match(/not sent: .*another website/)
    crm.update!(active: false)
    expect(crm.provider.sync_contact(contact(site)).reason).to match(/not sent: the integration is inactive/)
    expect(remote.pushed).to be_empty
  end

  it "refuses a record of another class" do
    provider = crm.provider
    expect { provider.sync_contact(site) }.to raise_error(PwbCrm::ConfigurationError, /Pwb::Website is none of Pwb::/)
    expect { provider.sync_contact(message(site)) }.to raise_error(PwbCrm::ConfigurationError, /message, not a contact/)
  end
end
