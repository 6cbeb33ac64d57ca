# frozen_string_literal: true

require "rails_helper"

RSpec.describe "How long a connection of SQLite's waits for a lock", :committed, if: !PwbCrm::Sql.postgresql? do
  let(:raw) { PwbCrm::ApplicationRecord.lease_connection.raw_connection }

  def waits = [raw.get_first_value("PRAGMA busy_timeout"), raw.instance_variable_get(:@busy_handler)]

  def limit(...) = PwbCrm::Sql::Patience.limit(...)

  around do |example|
    before = waits.last
    example.run
  ensure
    raw.busy_handler(&before)
  end

  it "is the host's again afterwards, be it a time, code or nothing" do
    own = proc { false }
    [-> { raw.busy_timeout(1234) }, -> { raw.busy_handler(&own) }, -> { raw.busy_handler(nil) }].each do |given|
      given.call
      before = waits
      expect(limit(1) { waits == before ? :same : :ours }).to eq(:ours)
      expect(waits).to eq(before)
      expect { limit(1) { raise IOError } }.to raise_error(IOError)
      expect(waits).to eq(before)
    end
  end
end
