# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

RSpec.describe PwbCrm::Sql do
  let(:clock) { PwbCrm::Testing::Clock.new }

  def value(expression) = PwbCrm::ApplicationRecord.run("SELECT #{expression}").rows.dig(0, 0)

  # Of a time as the database tells it, in seconds since 1970.
  def seconds(expression)
    time = value("CAST(#{expression} AS text)")
    Time.parse(time.match?(/[+-]\d\d(:\d\d)?\z/) ? time : "#{time} UTC").to_f
  end

  def times
    [described_class.now, described_class.now(0), described_class.statement_time, described_class.from_now("0.0")]
      .map { |expression| seconds(expression) } << value(described_class.epoch).to_f
  end

  it "tells one time in all its words" do
    expect(times).to all(be_within(5).of(Time.now.to_f))
    expect(value(described_class.seconds_until(described_class.from_now("90.0"))).to_f).to be_within(5).of(90)
  end

  it "lets time pass in all of them, and in the fakes" do
    start = clock.call
    pass(7200, clock)
    expect(times).to all(be_within(5).of(Time.now.to_f + 7200))
    expect(value(described_class.seconds_until(described_class.from_now("90.0"))).to_f).to be_within(5).of(90)
    expect(clock.call).to eq(start + 7200)
  end

  it "makes due what is to come, and notes what is saved then at that time" do
    crm = integration(site = website)
    configure(settle_time: 600)
    contact(site)
    drain(crm)
    expect(PwbCrm::Delivery.sole.state).to eq("pending")
    pass(601)
    contact(site)
    drain(crm)
    expect(PwbCrm::Delivery.order(:id).pluck(:state)).to eq(%w[succeeded pending])
    expect(PwbCrm::Delivery.maximum(:run_at)).to be_within(60).of(Time.current + 1201)
  end

  it "says the same as ever while no time has passed" do
    expect(described_class.offset).to eq(0)
    words = [described_class.now, described_class.statement_time, described_class.from_now("1.0")]
    postgresql = ["(clock_timestamp() + interval '+0.000 seconds')", "statement_timestamp()",
                  "(clock_timestamp() + 1.0 * interval '1 second')"]
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now', '+0.000 seconds')"
    sqlite = [now, now, "strftime('%Y-%m-%d %H:%M:%f', 'now', printf('%+.3f seconds', 1.0))"]
    expect(words).to eq(described_class.postgresql? ? postgresql : sqlite)
  end

  it "finds the least and the greatest of numbers" do
    expect(value(described_class.least("3", "1", "2")).to_i).to eq(1)
    expect(value(described_class.greatest("3.5", "1")).to_f).to eq(3.5)
  end
end
