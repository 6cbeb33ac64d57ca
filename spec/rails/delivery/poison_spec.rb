# frozen_string_literal: true

require "rails_helper"

# A record whose delivery takes the worker down with it, each time.
RSpec.describe "a record that kills its worker" do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let!(:people) { Array.new(12) { contact(site) } }
  let(:poison) { people[6] }
  let(:died) { Class.new(Exception) } # rubocop:disable Lint/InheritException -- as nothing rescues a SIGKILL

  before do
    configure(max_attempts: 5)
    ScriptedProvider.script = lambda do |work|
      raise died if work[:record][:id] == poison.id

      ScriptedProvider.succeeded(work)
    end
  end

  def rows = PwbCrm::Delivery.order(:id)

  def crash
    lease = PwbCrm::Lease.acquire(crm.id)
    PwbCrm::Delivery.recover(lease)
    lease.release
    all_due
    expect { drain(crm) }.to raise_error(died)
  end

  def drain_until_quiet
    20.times do
      all_due
      drain(crm)
      return if rows.where(state: PwbCrm::Delivery::UNDELIVERED).none?
    rescue died
      next
    end
  end

  it "becomes a dead letter in doubt, and takes nobody along" do
    drain_until_quiet
    expect(rows.find_by!(record_id: poison.id.to_s))
      .to have_attributes(state: "failed", doubt: true, attempts: 5, error_code: "worker_died")
    others = rows.where.not(record_id: poison.id.to_s)
    expect(others.pluck(:state).uniq).to eq(%w[succeeded])
    expect(others.maximum(:attempts)).to be <= 3
  end

  it "has company until the second time; after that it is sent alone, with nothing counted for who comes behind it" do
    2.times { crash }
    expect(ScriptedProvider.pushed.map(&:size)).to eq([10, 10])
    crash
    expect(ScriptedProvider.pushed.drop(2).map(&:size)).to eq([1] * 7)

    behind = rows.find_by!(record_id: people[7].id.to_s)
    expect { drain_until_quiet }.to(change { behind.reload.attempts }.from(2).to(3))
  end
end
