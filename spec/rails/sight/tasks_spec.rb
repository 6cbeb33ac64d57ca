# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the tasks for people without a page" do
  let(:site) { website }
  let!(:crm) { integration(site, name: "Main CRM") }

  def told_by(name, **env)
    before = $stdout
    $stdout = StringIO.new
    rake(name, **env)
    $stdout.string
  ensure
    $stdout = before
  end

  describe "status" do
    it "says how each integration is" do
      named = "#{crm.id}  scripted \"Main CRM\", website #{site.id}"
      expect(told_by("status")).to match(/\A#{Regexp.escape(named)}  healthy since \d{4}-.*Z  0 waiting\n\z/)
    end

    it "says what waits, since when it is due, and what is dead" do
      3.times { contact(site) }
      PwbCrm::Delivery.limit(1).update_all(state: "failed")
      PwbCrm::Delivery.waiting.limit(1).update_all(run_at: Time.utc(2025, 1, 8, 14))
      expect(told_by("status"))
        .to match(/degraded since .*  2 waiting, due since 2025-01-08T14:00:00Z, 1 dead letter\(s\)\n    .*due for/)
      crm.inbound_events.create!(event_id: "1", event_type: "x", state: "failed")
      expect(told_by("status")).to include("1 dead letter(s), 1 failed event(s)\n")
    end

    it "says why one does not send, and since when" do
      crm.pause!("moving to another account")
      expect(told_by("status"))
        .to match(/paused_by_you since \d{4}-.*Z  0 waiting\n    moving to another account\n    Resume it/)
    end

    it "says it in one line, however it was written" do
      crm.pause!("moving\n[pwb_crm] to   another account")
      expect(told_by("status")).to include("\n    moving [pwb_crm] to another account\n")
    end

    it "says what is no trouble yet" do
      integration(site, "zendesk", config: { subdomain: "acme", email: "a@example.com", api_token: "t" })
      expect(told_by("status")).to match(/zendesk .*healthy since .*\n    .*connect it by OAuth/)
    end

    it "costs two look-ups for each, and leaves out what is disconnected" do
      few = statements_of { told_by("status") }.size
      4.times { integration(website) }
      expect(statements_of { told_by("status") }.size).to be <= few + 8
      crm.disconnect!
      expect(told_by("status").lines.size).to eq(4)
      expect(told_by("status", ID: PwbCrm::Integration.last.id).lines.size).to eq(1)
      expect { told_by("status", ID: "#{crm.id},0") }.to raise_error(PwbCrm::ConfigurationError, /#{crm.id} and 0/)
    end

    it "says that the kill switch is thrown, and that there is nothing" do
      configure(enabled: false)
      expect(told_by("status")).to start_with("pwb_crm is switched off (PwbCrm.config.enabled).\n")
      configure(enabled: true)
      PwbCrm::Integration.delete_all
      expect(told_by("status")).to eq("There are no integrations.\n")
    end
  end

  describe "pause and resume" do
    it "stop those that are named, and let them go on" do
      other = integration(website)
      paused = told_by("pause", ID: crm.id, REASON: "moving")
      expect(paused).to eq("pwb_crm: #{crm.label} is paused; what is noted waits\n")
      expect([crm, other].map { |one| one.reload.status }).to eq(%i[paused ready])
      expect(crm.state_reason).to eq("moving")
      contact(site)
      expect { expect(told_by("resume", ID: crm.id)).to eq("pwb_crm: #{crm.label}: sends again\n") }
        .to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
    end

    it "say what is still amiss" do
      crm.update!(settings: { requires: ["api_key"] })
      expect(told_by("resume", ID: crm.id)).to include("lacks api_key")
    end

    it "do nothing by mistake" do
      %w[pause resume].each { |task| expect { told_by(task) }.to raise_error(PwbCrm::ConfigurationError, /ID=3,4/) }
      expect { told_by("pause", ID: ",") }.to raise_error(PwbCrm::ConfigurationError, /ID="," names nothing/)
      expect(crm.reload).to be_deliverable
    end
  end
end
