# frozen_string_literal: true

require "rails_helper"
require "action_mailer"

RSpec.describe PwbCrm::Notifier do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site, name: "Support desk") }
  let(:remote) { ScriptedProvider }
  let(:notices) { [] }
  let(:mails) { ActionMailer::Base.deliveries }
  let(:job) { PwbCrm::IntegrationNotifyJob }

  before do
    ActionMailer::Base.delivery_method = :test
    mails.clear
    configure(notify: ->(notice) { notices << notice })
  end

  def fails(kind, **) = remote.script = ->(work) { remote.failed(work, kind, **) }

  def told = perform_enqueued_jobs(only: job) && notices.map(&:name)

  def last_of(name) = (told && notices.reverse.find { |notice| notice.name == name })

  it "says of dead letters which and why, and what to do" do
    contact(site)
    fails(:validation)
    drain(crm)
    expect(last_of(:dead_letter)).to have_attributes(
      integration_id: crm.id, website_id: site.id, platform: "scripted", label: "Support desk", count: 1,
      delivery_ids: PwbCrm::Delivery.dead.ids, why: /\Acontact \d+: it went wrong/,
      cure: "Remove the cause, then replay them."
    )
    expect(told.tally).to eq(dead_letter: 1, health_changed: 1)
  end

  it "tells of what workers died with, too" do
    contact(site)
    PwbCrm::Delivery.update_all(state: "in_flight", attempts: 12, lease_token: 0)
    drain(crm)
    expect(last_of(:dead_letter)).to have_attributes(count: 1, why: /worker died/)
  end

  it "tells of a receiver that is gone, once" do
    3.times { contact(site) }
    fails(:not_found, status: 410)
    2.times { drain(crm) }
    expect(last_of(:endpoint_disabled).to_s).to match(/Support desk \(scripted \d+\) does not reach.*asks us to stop/)
    expect(told.tally[:endpoint_disabled]).to eq(1)
  end

  it "tells of a remote that has been out for five days, once" do
    6.times { contact(site) }
    fails(:remote, status: 503)
    14.times do
      drain(crm)
      pass(12 * 3600)
    end
    expect(told.tally).to include(endpoint_disabled: 1)
    expect(last_of(:endpoint_disabled).why).to match(/calls in a row failed/)
  end

  it "tells both that share an account, and neither who the other is" do
    other = integration(website, name: "Somebody else's")
    [crm, other].each { |one| one.note_account("acme") }
    expect(told).to eq(%i[shared_account shared_account])
    expect(notices.map(&:label)).to contain_exactly("Support desk", "Somebody else's")
    expect(notices.find { |notice| notice.label == "Support desk" }.to_s).not_to include("Somebody")
    expect(crm.health).to have_attributes(state: :healthy, warnings: [/Another integration speaks to the same/])
    other.update!(active: false)
    expect(crm.health.warnings).to be_empty
  end

  it "warns of an API token of Zendesk's, which ends" do
    desk = integration(site, "zendesk", config: { subdomain: "acme", email: "ana@example.com", api_token: "t" })
    expect(desk.health.warnings).to match([/30 April 2027/])
  end

  it "says nothing of itself in the log of jobs" do
    log = StringIO.new
    allow(ActiveJob::Base).to receive(:logger).and_return(ActiveSupport::Logger.new(log))
    crm.pause!("Ana has asked for it.")
    told
    expect(log.string).to include("IntegrationNotifyJob")
    expect(log.string).not_to include("Ana")
  end

  it "enqueues nothing where nobody wants to know" do
    configure(notify: nil)
    expect { crm.pause!("On holiday.") }.not_to have_enqueued_job(job)
  end

  it "has a subject and a body in words for each" do
    described_class.tell(:health_changed, crm, was: "healthy", health: crm.health)
    (PwbCrm::Notice::NAMES - %i[health_changed]).each { |name| described_class.tell(name, crm, why: "Because.") }
    expect(told).to match_array(PwbCrm::Notice::NAMES)
    expect(notices.flat_map { |notice| [notice.subject, notice.to_s] })
      .to all(match(/\ASupport desk \(scripted \d+\)/).and(satisfy { |text| !text.include?("%{") }))
  end

  it "carries over what another version knows, without what this one does not" do
    job.perform_now(name: :dead_letter, integration_id: crm.id, mood: "bad")
    expect(notices.sole).to have_attributes(name: :dead_letter, integration_id: crm.id, count: nil, delivery_ids: [])
  end

  describe "faults" do
    let(:reported) { [] }

    before { allow(PwbCrm::Report).to receive(:call) { |error, **| reported << error.class } }

    it "of the host's own code are reported, and the mail goes out all the same" do
      configure(notify: ->(_) { raise IOError }, mail_from: "crm@example.com",
                notify_by_mail: ->(_) { "ops@example.com" })
      crm.pause!("On holiday.")
      perform_enqueued_jobs(only: job)
      expect(reported).to eq([IOError])
      expect(mails.size).to eq(1)
    end

    it "of the host's own code cost no notice: it is told again, later each time, and only to whom it was not" do
      configure(notify: ->(notice) { (notices << notice).size < 3 && raise(IOError) }, mail_from: "crm@example.com",
                notify_by_mail: ->(_) { "ops@example.com" })
      crm.pause!("On holiday.")
      waits = Array.new(4) do
        performed = enqueued_jobs.map { |enqueued| enqueued["scheduled_at"] }
        perform_enqueued_jobs(only: job)
        performed
      end
      expect(waits.map(&:size)).to eq([1, 1, 1, 0])
      expect(waits[1..2].flatten.map { |at| Time.zone.parse(at) - Time.current })
        .to match([be_within(10).of(30), be_within(10).of(120)])
      expect([notices.size, mails.size, reported]).to eq([3, 1, [IOError] * 2])
    end

    it "of the host's own code end some time" do
      configure(notify: ->(_) { raise IOError })
      crm.pause!("On holiday.")
      10.times { perform_enqueued_jobs(only: job) }
      expect(reported.size).to eq(5)
    end

    it "of the host's own code do not touch a drain" do
      configure(notify: ->(_) { raise IOError })
      2.times { contact(site) }
      fails(:validation)
      perform_enqueued_jobs(only: job) { drain(crm) }
      expect(PwbCrm::Delivery.pluck(:state)).to eq(%w[failed failed])
      expect([crm.links.count, crm.sync_logs.count, crm.reload.leased_until]).to eq([0, 2, nil])
    end

    it "of a dead queue hurt no save, and cost no notice: the sweep tells by itself" do
      allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(Errno::ECONNREFUSED)
      crm.pause!("On holiday.")
      expect([notices, reported]).to eq([[], [Errno::ECONNREFUSED]])
      PwbCrm::Wake.reset
      2.times { PwbCrm::Sweep.call }
      expect(notices.map { |notice| [notice.was, notice.state] }).to eq([%i[healthy paused_by_you]])
      described_class.working { crm.reload.resume! }
      expect(notices.map(&:state)).to eq(%i[paused_by_you healthy])
    end

    it "of a dead queue cost no notice once it works again, either" do
      allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(Errno::ECONNREFUSED)
      crm.update!(active: false)
      allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_call_original
      PwbCrm::Wake.reset
      2.times { PwbCrm::Sweep.call }
      expect([told, notices.map(&:state)]).to eq([%i[health_changed], %i[paused_by_you]])
    end
  end

  describe "by mail" do
    before { configure(notify_by_mail: ->(one) { ["#{one.platform}@example.com", nil] }, mail_from: "crm@example.com") }

    it "goes to the integration's people in plain text" do
      crm.pause!("On holiday.")
      told
      expect(mails.sole).to have_attributes(to: ["scripted@example.com"], from: ["crm@example.com"],
                                            subject: "Support desk (scripted #{crm.id}): Paused by you")
      expect(mails.sole.content_type).to start_with("text/plain")
      expect(mails.sole.body.to_s).to match(/is Paused by you since .* UTC\. On holiday\. Resume it or switch it on/)
    end

    it "goes to nobody where there is none, nor from a copy of the database" do
      configure(notify_by_mail: ->(_) {})
      crm.pause!("On holiday.")
      expect(told).to eq(%i[health_changed])
      configure(notify_by_mail: ->(_) { "ops@example.com" }, environment: "staging")
      PwbCrm::Integration::Watch.review(crm.reload)
      expect(told).to eq(%i[health_changed health_changed])
      expect(mails).to be_empty
    end
  end
end
