# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# What people see of the limits of their account.
RSpec.describe "What is left of the limits" do
  include_context "with paced remotes"

  def left(integration) = integration.budget.transform_values(&:left)

  # What others on the account have taken.
  def taken(integration, bucket, count)
    limit = integration.provider.limits[bucket]
    PwbCrm::Budget.take(integration.budget_account, [PwbCrm::Budget::Ask.of(limit)], least: count)
  end

  it "is all, where nothing has been sent" do
    expect(left(desk)).to eq("requests" => 12, "user_writes" => 1, "ticket_updates" => 6)
    expect(desk.budget["requests"]).to have_attributes(limit: 200, period: 60, at_once: 12, used: 0, more_at: nil)
    expect(hook.budget).to eq({})
    expect(crm.budget["credits"]).to have_attributes(limit: nil, used: 0, left: nil, more_at: nil, used_up?: false)
  end

  it "is what can be had, and when there is more of it" do
    taken(desk, "requests", 5)
    taken(desk, "user_writes", 1)
    expect(left(desk)).to include("requests" => 7, "user_writes" => 0)
    expect(desk.budget["requests"].used).to eq(5)
    expect(desk.budget["user_writes"]).to have_attributes(used: 1, used_up?: true, more_at: within_seconds(1.1))
    [7, 0].zip([taken(desk, "requests", 7), taken(desk, "requests", 1)]) do |count, grant|
      expect(grant.count).to eq(count)
    end
    pass(desk.budget["requests"].more_at - PwbCrm::Sql.offset - Time.now + 0.02)
    expect(taken(desk, "requests", 1).count).to eq(1)
  end

  it "is nothing while the remote wants a pause, or others have slowed it down" do
    PwbCrm::Budget.block(desk.budget_account, 30, bucket: "requests")
    expect(desk.budget["requests"]).to have_attributes(left: 0, more_at: within_seconds(30))
    PwbCrm::Budget.block(desk.budget_account, 90)
    expect(desk.budget.values.map(&:more_at)).to all(within_seconds(90))
    PwbCrm::Budget.learn(desk.budget_account, { "ticket_updates" => { remaining: 2, reset: 60 } },
                         { "ticket_updates" => 0.1 })
    pass(91)
    expect(left(desk)).to eq("requests" => 12, "user_writes" => 1, "ticket_updates" => 6)
  end

  def within_seconds(seconds) = be_within(1.5).of(Time.current + PwbCrm::Sql.offset + seconds)

  it "is what is left of the credits, by our count and by the remote's word" do
    crm.update!(settings: { "daily_credits" => 5000 })
    credits = PwbCrm::Budget::Credits.new(crm.budget_account, 5000)
    credits.spend(880)
    expect(crm.budget["credits"]).to have_attributes(limit: 5000, used: 880, left: 4120, period: 86_400)
    expect(crm.budget["credits"].to_s).to eq("credits: 4120 of 5000 left")
    credits.learn(0)
    expect(crm.budget["credits"]).to have_attributes(used: 880, left: 0, more_at: within_seconds(3600))
    expect(crm.budget["credits"].to_s).to match(/\Acredits: 0 of 5000 left, more at \d{4}-.* UTC\z/)
  end

  it "is told in words" do
    taken(desk, "user_writes", 1)
    expect(desk.budget.values.map(&:to_s))
      .to match(["requests: 12 of 12 may go now (200 in 60 s)",
                 /\Auser writes: 0 of 1 may go now \(1 in 1 s\), more at \d{4}-.* UTC\z/,
                 "ticket updates: 6 of 6 may go now (100 in 60 s)"])
    expect(crm.budget["credits"].to_s).to eq("credits: 0 used, nobody knows of how many")
    PwbCrm::Budget::Credits.new(crm.budget_account, nil).learn(70)
    expect(crm.budget["credits"].to_s).to eq("credits: 70 left")
  end

  it "is not counted where no limits are kept to" do
    configure(keep_to_limits: false)
    expect([desk, crm].map(&:budget)).to all(be_empty)
  end

  describe "in an integration's health" do
    before { crm.update!(settings: { "daily_credits" => 100 }) }

    def spend(count) = PwbCrm::Budget::Credits.new(crm.budget_account, 100).spend(count)

    it "is seen, and says which limit is reached" do
      spend(40)
      expect(crm.health).to have_attributes(state: :healthy, budget: crm.budget)
      expect(crm.health.budget["credits"].left).to eq(60)
      spend(60)
      contact(site)
      drain(crm)
      expect(crm.reload.health).to have_attributes(state: :limits_reached,
                                                   why: /Used up: credits: 0 of 100 left, more at \d{4}-/)
    end

    it "says that what was noted in bulk waits" do
      spend(91)
      expect(crm.health.warnings).to be_empty
      contact(site)
      crm.deliveries.update_all(bulk: true)
      drain(crm)
      expect(crm.reload.health).to have_attributes(
        state: :healthy, warnings: [/noted in bulk waits, .*: credits: 9 of 100 left\./]
      )
    end

    it "is asked for by two looks at the database at most" do
      looks = statements_of { crm.budget }
      expect(looks.size).to be <= 2
    end

    it "is looked at once, for what waits in bulk, too" do
      contact(site)
      crm.deliveries.update_all(bulk: true)
      spend(91)
      looks = statements_of { expect(crm.health.warnings).to be_present }.grep(/FROM "pwb_integration_budgets"/)
      expect(looks.uniq.size).to eq(looks.size)
    end
  end

  it "is shown by the status task" do
    lines = PwbCrm::Overview.new(PwbCrm::Integration.where(id: desk.id)).lines.sole.lines.map(&:strip)
    expect(lines).to include("requests: 12 of 12 may go now (200 in 60 s)")
    expect(lines.first).to match(/healthy/)
  end
end
