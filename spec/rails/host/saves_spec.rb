# frozen_string_literal: true

require "rails_helper"

# The host waits for none of the engine's transactions, however long they are made to last.
RSpec.describe "beside the engine, a save of the host's", :committed, :postgresql do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let!(:record) { contact(site) }

  # In the middle of its work the engine stands still until the host is done, but not for ever.
  def stand_still
    return if @still.closed?

    @still << true
    @still.close
    @in_time = @go_on.pop(timeout: 4)
  end

  def beside(&)
    @still = Queue.new
    @go_on = Queue.new
    worker = Thread.new { Rails.application.executor.wrap(&) }
    @still.pop(timeout: 30)
    save_all
    @go_on << true
    worker.join
    @in_time
  end

  # The record the engine is at, another one, a new one, and a delete.
  def save_all
    Pwb::Contact.find(record.id).update!(first_name: "Eva")
    other = contact(site)
    message(site, contact: other).destroy!
  end

  it "does not wait while its record is on its way" do
    remote.script = lambda do |work|
      stand_still
      remote.succeeded(work)
    end
    expect(beside { drain(crm) }).to be(true)
    expect(remote.keys).to start_with("contact #{record.id}")
    expect(PwbCrm::Delivery.of_record("contact", record.id).count).to eq(2)
  end

  {
    "links are written" => [/INSERT INTO "pwb_integration_links"/],
    "the log is written" => [/INSERT INTO "pwb_integration_sync_logs"/],
    "results are written" => [/UPDATE "pwb_integration_deliveries".*'in_flight'.*ending/m],
    "results are committed" => [/INSERT INTO "pwb_integration_sync_logs"/, /\ACOMMIT/]
  }.each do |moment, statements|
    it "does not wait while #{moment}" do
      expect(beside { StopAt.new(*statements) { stand_still }.run { drain(crm) } }).to be(true)
      expect(crm.links.of_records("contact", [record.id])).to exist
    end
  end

  # Each within a transaction that stays open.
  {
    "takes the lease" => ->(it) { PwbCrm::Lease.acquire(it.crm.id) },
    "renews the lease" => ->(it) { PwbCrm::Lease.acquire(it.crm.id).renew(60) },
    "writes under the lease" => ->(it) { PwbCrm::Lease.acquire(it.crm.id).fence },
    "stores tokens" => ->(it) { it.crm.connect!("access_token" => "a", "refresh_token" => "b", "expires_in" => 60) },
    "pauses an integration" => ->(it) { it.crm.pause!("because") },
    "changes an integration" => ->(it) { it.crm.update!(name: "Other", config: { api_token: "new" }) },
    "disconnects" => ->(it) { it.crm.disconnect! },
    "prunes" => ->(_) { PwbCrm::Pruning.call(older_than: 0.seconds) }
  }.each do |what, step|
    it "does not wait while the engine #{what}" do
      drain(crm)
      in_time = beside { PwbCrm::Integration.transaction { [step.call(self), stand_still] } }
      expect(in_time).to be(true)
    end
  end

  # A save does wait for what puts its record in line or writes the remote's id into its row. So that is the last
  # thing a transaction of the engine does, and a claim is one by itself.
  it "waits for single statements only" do
    taking = Regexp.union(/SET state = ('pending'|'in_flight'|ending\.)/, /AS newer SET/, /UPDATE "pwb_contacts"/,
                          /INSERT INTO "pwb_integration_deliveries"/)
    all = transactions(statements_of { everything })
    harmless = Regexp.union(taking, /\A(RELEASE|SAVEPOINT)/, /set_config\('lock_timeout'/)
    followed = all.flat_map { |statements| statements.drop_while { |sql| !sql.match?(taking) }.grep_v(harmless) }
    expect(all.flatten.grep(taking).size).to be > 10
    expect(followed).to be_empty
  end

  # Something arrives, fails, is to go again, gives way to a newer row, is replayed and reconciled.
  def everything
    answer_in_turn(nil, :validation, :connection, :timeout)
    3.times { contact(site) }
    drain(crm)
    record.update_columns(first_name: "Eva", updated_at: Time.current)
    PwbCrm::Reconcile.call
    PwbCrm::Delivery.replay
    all_due
    drain(crm)
  end

  def answer_in_turn(*faults)
    turns = faults.cycle
    remote.script = ->(work) { answer(work, turns.next) }
  end

  def answer(work, fault)
    Pwb::Contact.find(work[:record][:id]).update!(last_name: "Newer") if fault == :timeout
    fault ? remote.failed(work, fault) : remote.succeeded(work)
  end

  def transactions(statements)
    open = nil
    statements.each_with_object([]) do |sql, all|
      case sql
      when /\ABEGIN/ then all << (open = [])
      when /\A(COMMIT|ROLLBACK)\z/ then open = nil
      else open ? open << sql : all << [sql]
      end
    end
  end
end
