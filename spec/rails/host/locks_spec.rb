# frozen_string_literal: true

require "rails_helper"

# The engine waits for nobody's transaction. The host's stays open until the engine is done, but not for ever.
RSpec.describe "beside an open transaction of the host's, the engine", :committed, :postgresql do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:lease) { PwbCrm::Lease.acquire(crm.id) }

  # One record in each state that a delivery can be in.
  let!(:people) do
    states = %w[pending in_flight failed succeeded superseded skipped held]
    states.index_with { |state| in_state(contact(site), state) }
  end

  def in_state(record, state)
    row = PwbCrm::Delivery.find_by!(record_id: record.id.to_s)
    row.update_columns(state:, attempts: 1, lease_token: (0 if state == "in_flight"), run_at: 1.minute.ago,
                       settled_at: (2.months.ago if state == "succeeded"))
    crm.links.create!(record_type: "contact", record_id: record.id.to_s, external_type: "thing", external_id: state)
    record
  end

  # All of them saved, one destroyed, one new.
  #
  # @return [Proc] ends the transaction, and answers whether it was open until then
  def open_host
    noted = Queue.new
    done = Queue.new
    host = Thread.new do
      Pwb::Contact.transaction { [write_all, noted << true] && done.pop(timeout: 4) }
    end
    noted.pop
    -> { (done << true) && host.value }
  end

  def busy_host
    close = open_host
    yield
    close.call
  end

  def write_all
    people.except("superseded").each_value { |record| Pwb::Contact.find(record.id).update!(last_name: "Busy") }
    Pwb::Contact.find(people["superseded"].id).destroy!
    contact(site, first_name: "New")
  end

  {
    "claims" => ->(it) { PwbCrm::Delivery.claim(it.lease, limit: 100) },
    "brings forward what is waited for" => ->(it) { PwbCrm::Delivery.promote(it.crm.id) },
    "recovers what another worker left" => ->(it) { PwbCrm::Delivery.recover(it.lease) },
    "looks for what is next" => ->(it) { PwbCrm::Delivery.seconds_to_next(it.crm.id) },
    "drains" => ->(it) { it.drain(it.crm) },
    "sweeps" => ->(_) { PwbCrm::Sweep.call },
    "replays" => ->(_) { PwbCrm::Delivery.replay },
    "discards" => ->(_) { PwbCrm::Delivery.all.discard },
    "reconciles" => ->(_) { PwbCrm::Reconcile.call },
    "prunes" => ->(_) { PwbCrm::Pruning.call },
    "takes and renews the lease" => ->(it) { it.lease.renew(60) },
    "pauses an integration" => ->(it) { it.crm.pause!("because") },
    "changes an integration" => ->(it) { it.crm.update!(name: "Other", config: { api_token: "new" }) },
    "stores tokens" => ->(it) { it.crm.connect!("access_token" => "a", "refresh_token" => "b", "expires_in" => 60) },
    "switches an integration off" => ->(it) { it.crm.update!(active: false) },
    "disconnects" => ->(it) { it.crm.disconnect! && PwbCrm::Removal.call }
  }.each do |what, step|
    it("#{what} at once") { expect(busy_host { step.call(self) }).to be(true) }
  end

  {
    "succeeded" => ->(work) { ScriptedProvider.succeeded(work) },
    "is to be tried again" => ->(work) { ScriptedProvider.failed(work, :connection) },
    "became a dead letter" => ->(work) { ScriptedProvider.failed(work, :validation) }
  }.each do |what, answer|
    it "writes down at once what #{what}, although the host is saving just that" do
      close = nil
      remote.script = lambda do |work|
        close ||= open_host
        answer.call(work)
      end
      PwbCrm::Delivery.where(state: "in_flight").update_all(state: "succeeded")
      drain(crm)
      expect(remote.keys).to eq(["contact #{people["pending"].id}"])
      expect(close.call).to be(true)
    end
  end

  it "delivers what the host does not hold" do
    others = Array.new(3) { contact(site) }
    all_due
    busy_host { drain(crm) }
    expect(remote.keys).to match_array(others.map { |record| "contact #{record.id}" })
  end

  it "loses nothing of all this" do
    busy_host { [drain(crm), PwbCrm::Reconcile.call, PwbCrm::Delivery.replay] }
    3.times do
      all_due
      PwbCrm::Delivery.where(state: "in_flight").update_all(lease_token: 0)
      drain(crm)
    end
    arrived = remote.pushed.flatten.group_by { |work| work[:record][:id].to_s }.transform_values(&:last)
    expect(arrived.transform_values { |work| work[:action] == "delete" ? "delete" : work[:record][:last_name] })
      .to eq(Pwb::Contact.all.to_h { |record| [record.id.to_s, record.last_name] }
                         .merge(people["superseded"].id.to_s => "delete"))
  end
end
