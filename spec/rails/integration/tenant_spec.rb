# frozen_string_literal: true

require "rails_helper"

# What the host's own settings make of a tenant's deliveries: they wait, and the integration says why.
RSpec.describe PwbCrm::Conveyor::Tenant do
  include ActiveJob::TestHelper
  include_context "with an error reporter"

  let(:site) { website }
  let!(:crm) { integration(site) }
  let!(:record) { contact(site) }

  let(:job) { PwbCrm::IntegrationSyncJob }

  def deliveries = PwbCrm::Delivery.pluck(:state, :attempts)

  def let_hold_off_end = PwbCrm::Integration.where(id: crm.id).note(paused_until: 1.second.ago, wake_at: nil)

  def expect_to_hold_off(seconds, message)
    ends = be_within(5.seconds).of(seconds.from_now)
    expect { job.perform_now(crm.id) }.to enqueue_again(at: ends)
    expect_status(:paused, status_message: message, leased_until: nil, paused_until: ends)
    expect(deliveries).to eq([["pending", 0]])
  end

  def enqueue_again(at:) = have_enqueued_job(job).with(crm.id).once.at(at)

  def expect_to_go_on
    let_hold_off_end
    expect(ScriptedProvider.pushed).to be_empty
    PwbCrm::Sweep.drain
    expect(deliveries).to eq([["succeeded", 1]])
    expect_status(:ready, status_message: nil, state_reason: nil, paused_until: nil)
  end

  def expect_status(status, **attributes) = expect(crm.reload).to(have_attributes(status:, **attributes))

  describe "a website that is left out" do
    before { configure(skip_website: ->(_) { true }) }

    it "is a demo website, unless configured otherwise" do
      configure(skip_website: PwbCrm::Configuration.new.skip_website)
      site.update!(demo_mode: true)
      expect_to_hold_off(300.seconds, /skip_website leaves out website #{site.id}/)
    end

    it "holds back and says so, and goes on once it is left out no more" do
      expect_to_hold_off(300.seconds, /skip_website leaves out website #{site.id}\. It goes on by itself at/)
      let_hold_off_end
      expect_to_hold_off(300.seconds, /skip_website/)
      configure(skip_website: ->(_) { false })
      expect_to_go_on
      expect(reported.errors).to be_empty
    end

    it "sends nothing at once, either" do
      outcome = crm.provider.sync_contact(record)
      expect(outcome).to have_attributes(skipped?: true, reason: /is queued: PwbCrm.config.skip_website leaves out/)
      expect(ScriptedProvider.pushed).to be_empty
      expect(deliveries).to eq([["pending", 0]])
    end

    it "says nothing of the others" do
      configure(skip_website: ->(one) { one == site })
      neighbour = integration(other = website)
      contact(other)
      PwbCrm::Sweep.drain
      expect(PwbCrm::Delivery.order(:integration_id).pluck(:integration_id, :state))
        .to eq([[crm.id, "pending"], [neighbour.id, "succeeded"]])
    end
  end

  it "keeps what a skip_website that raises would have decided upon, and reports it once" do
    configure(skip_website: ->(_) { raise "secret value" })
    2.times do
      expect_to_hold_off(60.seconds, /skip_website raised RuntimeError\. Correct it\. It goes on/)
      let_hold_off_end
    end
    expect(reported.errors.map(&:message)).to contain_exactly(/skip_website raised RuntimeError/)
    expect(crm.status_message).not_to include("secret value")
    configure(skip_website: ->(_) { false })
    expect_to_go_on
  end

  it "keeps what an around_job that calls nothing had no time for, and reports it once" do
    configure(around_job: ->(_website, _work) {})
    2.times do
      expect_to_hold_off(60.seconds, /around_job did not call the work .* Correct it\. It goes on/)
      let_hold_off_end
    end
    expect(reported.errors.map(&:message)).to contain_exactly(/around_job did not call/)
    configure(around_job: ->(_website, work) { work.call })
    expect_to_go_on
  end

  it "keeps what an around_job that raises had no time for, and reports it" do
    configure(around_job: ->(_website, _work) { raise IOError, "no shard" })
    expect_to_hold_off(60.seconds, /around_job raised IOError\. Correct it/)
    expect(reported.errors.map(&:class)).to eq([IOError])
    configure(around_job: ->(_website, work) { work.call })
    expect_to_go_on
  end

  it "does not go by what the work answers" do
    expect(described_class.new(crm).work { nil }).to be_nil
    expect(crm.reload.status).to eq(:ready)
  end

  it "leaves alone what the work itself raises" do
    expect { described_class.new(crm).work { raise IOError, "the work" } }.to raise_error(IOError, "the work")
    expect(crm.reload.status).to eq(:ready)
  end

  it "waits for a website that the host hides" do
    allow(PwbCrm::Integration).to receive(:find_by).and_wrap_original do |find, **by|
      find.call(**by)&.tap { |found| found.association(:website).target = nil }
    end
    expect_to_hold_off(300.seconds, /Pwb::Website does not find its website #{site.id}/)
  end
end
