# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Switch do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:job) { PwbCrm::IntegrationSyncJob }

  it "may be a question that is asked each time" do
    answer = true
    configure(enabled: -> { answer })
    expect(PwbCrm.enabled?).to be(true)
    answer = nil
    expect(PwbCrm.enabled?).to be(false)
  end

  it "stops a drain between two slices, and the sweep goes on once it is on again" do
    answers = true
    ScriptedProvider.script = lambda do |work|
      answers = false
      ScriptedProvider.succeeded(work)
    end
    configure(enabled: -> { answers })
    30.times { contact(site) }
    drain(crm)
    sent = ScriptedProvider.pushed.flatten.size
    expect(sent).to be < 30
    expect(PwbCrm::Delivery.group(:state).count).to eq("succeeded" => sent, "pending" => 30 - sent)
    expect(PwbCrm::Delivery.waiting.pluck(:attempts).uniq).to eq([0])
    expect(PwbCrm::Sweep.call).to be_empty

    answers = true
    expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(crm.id)
  end

  it "lets nothing through at once, either, and says so" do
    configure(enabled: -> { false })
    outcome = crm.provider.sync_contact(contact(site))
    expect(outcome).to have_attributes(skipped?: true, reason: /is queued: pwb_crm is switched off/)
    expect(ScriptedProvider.pushed).to be_empty
  end

  it "is asked after the commit only, so that what it reads cannot spoil the host's transaction" do
    open = []
    configure(enabled: -> { open << Pwb::Contact.connection.open_transactions })
    outside = Pwb::Contact.connection.open_transactions
    Pwb::Contact.transaction { contact(site) }
    expect(open).to eq([outside])
  end

  describe "a question that raises" do
    include_context "with an error reporter"

    before { configure(enabled: -> { raise IOError, "no flags" }) }

    it "counts as off, and does not reach the host" do
      expect { contact(site) }.not_to have_enqueued_job(job)
      drain(crm)
      expect(PwbCrm::Sweep.call).to be_empty
      expect(ScriptedProvider.pushed).to be_empty
      expect(PwbCrm::Delivery.sole.state).to eq("pending")
    end

    it "is reported once, until it answers again" do
      broken = true
      configure(enabled: -> { broken && raise(IOError, "no flags") })
      3.times { PwbCrm.enabled? }
      expect(reported.errors.map(&:class)).to eq([IOError])
      broken = false
      PwbCrm.enabled?
      broken = true
      PwbCrm.enabled?
      expect(reported.errors.size).to eq(2)
    end
  end
end
