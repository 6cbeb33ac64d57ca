# frozen_string_literal: true

require "rails_helper"

# What changes the health of an integration without a save of it, and without a delivery.
RSpec.describe PwbCrm::Integration::Rounds do
  include_context "with health"

  def lose_key
    PwbCrm::Integration.where(id: crm.id).update_all("config = 'garbage'")
  end

  def change(**columns) = PwbCrm::Integration.where(id: crm.id).update_all(columns)

  # Told by one sweep, and dated by the first look.
  def expect_noticed(state, cure)
    PwbCrm::Sweep.call
    expect(told).to eq([[:healthy, state]])
    seen = health.since
    PwbCrm::Sweep.call
    expect_lasting(state, seen, cure)
  end

  def expect_lasting(state, since, cure)
    travel(1.hour) { expect(health).to have_attributes(state:, since:, cure:) }
    expect([again[:health], notices.size]).to eq([state.to_s, 1])
  end

  it "notices a copy of the database" do
    change(environment: "elsewhere")
    expect_noticed(:copied_elsewhere, /Call adopt!/)
  end

  it "notices that the app's key is lost, and that it is back" do
    crm.update!(config: { "region" => "eu" })
    kept = PwbCrm::Integration.connection.select_value("SELECT config FROM pwb_integrations WHERE id = #{crm.id}")
    lose_key
    expect_noticed(:not_configured, /\ARestore the app's encryption key/)
    PwbCrm::Integration.where(id: crm.id).update_all(["config = ?", kept])
    PwbCrm::Sweep.call
    expect([health.state, told.last]).to eq([:healthy, %i[not_configured healthy]])
  end

  it "notices a platform that this version does not know" do
    change(platform: "hubspot")
    expect_noticed(:not_configured, /\ADeploy the version of the app that knows its platform/)
  end

  it "notices that what was missing in the app's settings is there" do
    crm.update!(settings: { requires: %w[region] })
    allow(ScriptedProvider).to receive(:new).and_wrap_original do |new, *args|
      new.call(*args).tap { |provider| allow(provider).to receive(:missing_config).and_return([]) }
    end
    PwbCrm::Sweep.call
    expect(told).to eq([%i[healthy not_configured], %i[not_configured healthy]])
  end

  it "looks at the keys of so many at a time, and of the others next" do
    stub_const("PwbCrm::Integration::Rounds::MANY", 2)
    others = Array.new(3) { integration(site) }
    PwbCrm::Integration.update_all("config = 'garbage'")
    seen = Array.new(2) do
      PwbCrm::Sweep.call
      PwbCrm::Integration.where(health: "not_configured").count
    end
    expect(seen).to eq([2, 1 + others.size])
  end

  describe "the kill switch" do
    before do
      contact(site)
      pass(10_000)
      configure(enabled: false)
    end

    it "pauses all, and the workers are not to blame" do
      expect(health).to have_attributes(state: :paused_by_us, why: /\Apwb_crm is switched off \(PwbCrm.config/,
                                        cure: /\AMake PwbCrm.config.enabled true/)
      expect_noticed(:paused_by_us, /config.enabled true/)
    end

    it "is not what a pause of another cause is for" do
      crm.pause!("On holiday.")
      expect(health).to have_attributes(state: :paused_by_you, why: "On holiday.")
    end

    it "leaves the workers time, once it is on again" do
      PwbCrm::Sweep.call
      configure(enabled: true)
      PwbCrm::Sweep.call
      expect(told).to eq([%i[healthy paused_by_us], %i[paused_by_us healthy]])
      pass(1000)
      PwbCrm::Sweep.call
      expect(told.last).to eq(%i[healthy degraded])
    end
  end

  describe "what was noted in bulk" do
    before do
      contact(site)
      crm.deliveries.update_all(bulk: true)
    end

    it "may take its time, and is late after a day in which nothing is sent" do
      pass(80_000)
      PwbCrm::Sweep.call
      expect(health.state).to eq(:healthy)
      pass(10_000)
      PwbCrm::Sweep.call
      expect(health).to have_attributes(state: :degraded, why: /noted in bulk has been due for over a day/)
      expect(told).to eq([%i[healthy degraded]])
    end

    it "is not late where it is much, and goes on" do
      pass(90_000)
      PwbCrm::Integration.where(id: crm.id).update_all("last_synced_at = #{PwbCrm::Sql.now(-60)}")
      PwbCrm::Sweep.call
      expect([health.state, told]).to eq([:healthy, []])
    end

    it "is warned of while a paused resync keeps it back" do
      run = PwbCrm.resync(crm)
      run.pause!
      pass(90_000)
      PwbCrm::Sweep.call
      expect(health).to have_attributes(state: :healthy, warnings: [/noted in bulk waits while resync #{run.id} is/])
      run.class.where(id: run.id).update_all(state: "done")
      expect(health.warnings).to match([/though no resync is paused/])
      run.class.where(id: run.id).update_all(state: "paused")
      run.reload.cancel!
      expect(health).to have_attributes(state: :degraded, warnings: [])
    end
  end

  it "notices what a dead worker left in flight, of which doctor and explain say the same" do
    person = contact(site)
    PwbCrm::Delivery.update_all("state = 'in_flight', claimed_at = #{PwbCrm::Sql.now(-400)}")
    PwbCrm::Sweep.call
    expect(told).to eq([%i[healthy degraded]])
    expect(health.why).to match(/stuck in flight, because their worker is gone/)
    expect(PwbCrm::Doctor.call.find { |check| check.name == "leases" }).to be_fault
    expect(PwbCrm.explain(person).verdict).to match(/in flight since .* and its worker is gone: .*pwb_crm:doctor/)
  end

  describe "says what to do" do
    it "where it was stopped, and does not go on by itself" do
      crm.stop!("The receiver asks us to stop.")
      expect(health.cure).to match(/does not go on by itself: .*resume it/)
    end

    it "where it was disconnected" do
      change(disconnected_at: Time.current, active: false)
      expect(health).to have_attributes(state: :not_configured, cure: /\ANothing to do\. .*create a new one/)
    end
  end

  it "has words for each cure, short enough for a line" do
    words = PwbCrm.const_get(:Words)
    expect(words.keys("health_cures").map { |key| words.t("health_cures.#{key}") })
      .to all(satisfy { |text| text.strip == text && text.size.between?(5, 160) })
  end
end
