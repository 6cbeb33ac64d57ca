# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the host's own limit on waiting for locks", :postgresql do
  def limit = ActiveRecord::Base.lease_connection.select_value("SHOW lock_timeout")

  before { ActiveRecord::Base.lease_connection.execute("SET LOCAL lock_timeout = '7s'") }

  it "holds again after we did not want to wait" do
    expect(PwbCrm::Sql.without_waiting { expect(limit).to eq("20ms") }).to be(true)
    expect(limit).to eq("7s")
  end

  it "holds again after we would have had to" do
    expect(PwbCrm::Sql.without_waiting { raise ActiveRecord::LockWaitTimeout }).to be(false)
    expect(limit).to eq("7s")
  end

  it "is kept within another of our own" do
    PwbCrm::Sql.without_waiting do
      PwbCrm::Sql.without_waiting { nil }
      expect(limit).to eq("20ms")
    end
  end
end
