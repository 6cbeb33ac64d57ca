# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Integration::Health do
  include_context "with health"

  describe "is" do
    it "healthy where all is well, which costs a turn nothing and is not told" do
      contact(site)
      drain(crm)
      expect_health(:healthy, nil)
      expect(health).to have_attributes(healthy?: true, warnings: [], to_s: "Healthy")
      expect(notices).to be_empty
    end

    it "degraded while calls fail" do
      3.times { contact(site) }
      fails(status: 503)
      drain(crm)
      expect_health(:degraded, "The last 3 calls failed.")
    end

    it "degraded for a day after a dead letter, then healthy again" do
      contact(site)
      fails(:validation)
      drain(crm)
      expect_health(:degraded, /given up in the last 24 hours/)
      pass(86_500)
      PwbCrm::Sweep.call
      expect(health.state).to eq(:healthy)
      expect(told.last).to eq(%i[degraded healthy])
    end

    it "degraded when deliveries wait for longer than they should, as the sweep finds out" do
      contact(site)
      pass(800)
      PwbCrm::Sweep.call
      expect(health.state).to eq(:healthy)
      pass(200)
      PwbCrm::Sweep.call
      expect_health(:degraded, /due for long; see whether workers run/)
    end

    it "degraded when deliveries wait long for one that is tried again, which is not the workers' fault" do
      person = contact(site)
      12.times { message(site, contact: person) }
      fails_with_others(person)
      pass(1000)
      PwbCrm::Delivery.of_record("contact", person.id).update_all(run_at: Time.current + 2000)
      PwbCrm::Sweep.call
      expect_health(:degraded, /waiting for long for others, which failed and are tried again/)
    end

    def fails_with_others(person)
      contact(site)
      remote.script = lambda do |work|
        work[:record][:id] == person.id ? remote.failed(work, :remote) : remote.succeeded(work)
      end
      drain(crm)
    end

    it "degraded when the tokens were refused" do
      crm.update_columns(renewals_refused: 1)
      PwbCrm::Integration::Watch.review(again)
      expect_health(:degraded, /refused to renew its tokens/)
    end

    it "degraded when tokens were refused that had just been renewed" do
      crm.update_columns(tokens_refused: 1)
      PwbCrm::Integration::Watch.review(again)
      expect_health(:degraded, /refused tokens that it had just granted/)
    end

    it "paused by us in an outage, until it is over" do
      6.times { contact(site) }
      fails(status: 503)
      drain(crm)
      expect_health(:paused_by_us, /last 6 calls in a row failed/)
      pass(60)
      expect(health).to have_attributes(state: :degraded, why: /last 6 calls failed/)
      works
      drain(crm)
      drain(crm)
      expect(told).to eq([%i[healthy paused_by_us], %i[paused_by_us healthy]])
    end

    it "paused by us where a receiver is gone, and where the host's settings keep it from sending" do
      crm.stop!("Its client could not be made.")
      expect_health(:paused_by_us, "Its client could not be made.")
      crm.resume!
      configure(skip_website: ->(_) { true })
      contact(site)
      drain(crm)
      expect_health(:paused_by_us, /skip_website leaves out website/)
    end

    it "paused by you after pause!, hold_off or switching it off" do
      crm.pause!("On holiday.")
      expect_health(:paused_by_you, "On holiday.")
      crm.resume!
      crm.hold_off(600, "Later")
      expect_health(:paused_by_you, /\ALater\. It goes on by itself/)
      crm.resume!
      crm.update!(active: false)
      expect_health(:paused_by_you, /switched off/)
      crm.update!(active: true)
      expect_health(:healthy, nil)
    end

    it "in need of a new connection when the remote refuses its credentials" do
      contact(site)
      fails(:authentication)
      drain(crm)
      expect_health(:reconnect_needed, /Connect the account again/)
      crm.connect!(access_token: "new")
      expect_health(:healthy, nil)
    end

    it "at its limits when the remote wants a pause of more than a minute" do
      contact(site)
      fails(:rate_limit, retry_after: 30)
      drain(crm)
      expect(health.state).to eq(:limits_reached)
      expect(told).to be_empty
      fails(:rate_limit, retry_after: 600)
      all_due
      drain(crm)
      expect_health(:limits_reached, /asks for a pause/)
    end

    it "not configured while something is missing or cannot be read" do
      crm.update!(settings: { requires: %w[region] })
      expect_health(:not_configured, /its config lacks region/)
    end

    it "elsewhere in a copy of the database" do
      configure(environment: "staging")
      contact(site)
      drain(crm)
      expect_health(:copied_elsewhere, /this database is a copy/)
    end
  end

  it "knows all states, and has words for each" do
    expect(described_class::STATES.map(&:to_s)).to match_array(PwbCrm.const_get(:Words).keys("health"))
  end

  it "says what to do" do
    crm.pause!("On holiday.")
    expect(health.cure).to eq("Resume it or switch it on again when it is to send.")
    expect(health.to_s).to eq("Paused by you: On holiday.")
  end

  it "is not given away as an object, and the column is" do
    expect(again.as_json["health"]).to eq("healthy")
    expect(again.inspect).to include('health: "healthy"')
  end
end
