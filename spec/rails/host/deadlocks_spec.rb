# frozen_string_literal: true

require "rails_helper"

# Savers that hold several records at once, and the engine at full speed on the same ones.
RSpec.describe "the engine and deadlocks", :committed, :postgresql do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let!(:people) { Array.new(8) { contact(site) }.map(&:id) }
  let(:deadlocks) { Queue.new }
  let(:engine) { Queue.new }
  let(:faults) { Queue.new }

  def database = ActiveRecord::Base.lease_connection

  def thread(&)
    Thread.new do
      Rails.application.executor.wrap(&)
    rescue StandardError => e
      faults << e
    end
  end

  # PostgreSQL looks for deadlocks after a second unless told otherwise. It must not look before the engine has given
  # up waiting, which is after 20 ms.
  def saver(seed, times)
    thread do
      database.execute("SET deadlock_timeout = '150ms'")
      random = Random.new(seed)
      times.times { save(yield(people.sample(4, random:))) }
    ensure
      database.execute("SET deadlock_timeout TO DEFAULT")
    end
  end

  def save(ids)
    Pwb::Contact.transaction do
      ids.each { |id| Pwb::Contact.find(id).update!(first_name: "N#{rand(1_000_000)}") }
    end
  rescue ActiveRecord::Deadlocked => e
    deadlocks << e
  end

  # Everything an engine does with rows that a save may hold.
  def worker(done)
    thread do
      engine << database.select_value("SELECT pg_backend_pid()")
      until done.closed?
        drain(crm)
        PwbCrm::Delivery.replay
        PwbCrm::Reconcile.call
      end
    end
  end

  def answer(work)
    case rand(4)
    when 0 then remote.failed(work, :connection, retry_after: 0)
    when 1 then remote.failed(work, :validation)
    else remote.succeeded(work)
    end
  end

  def all(queue) = Array.new(queue.size) { queue.pop }

  def run(times, &)
    remote.script = method(:answer)
    done = Queue.new
    workers = Array.new(2) { worker(done) }
    Array.new(4) { |seed| saver(seed, times, &) }.each(&:join)
    done.close
    workers.each(&:join)
    expect(all(faults)).to be_empty
  end

  it "never meet, where records are saved in order" do
    run(75, &:sort)
    expect(deadlocks).to be_empty
    expect(remote.pushed.size).to be > 5
  end

  it "never meet, where they are not: the savers deadlock with each other alone" do
    run(40, &:itself)
    pids = all(engine)
    details = all(deadlocks).map { |error| error.cause.result.error_field(PG::PG_DIAG_MESSAGE_DETAIL) }
    expect(details.flat_map { |text| text.scan(/[Pp]rocess (\d+)/).flatten.map(&:to_i) } & pids).to be_empty
    expect(remote.pushed.size).to be > 5
  end
end
