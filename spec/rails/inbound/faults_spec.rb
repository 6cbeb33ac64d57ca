# frozen_string_literal: true

require "rails_helper"

# Real processes, real locks, real connections.
RSpec.describe "What comes in while things go wrong", :committed do
  let(:site) { website }
  let(:person) { contact(site) }
  let!(:desk) do
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end
  let(:body) { ticket_event }

  def tell_desk(text = body) = tell(desk, text, from_zendesk(text))

  def guess = tell(desk.webhook_path.sub(desk.key, SecureRandom.hex(16)), "{}")

  def events = PwbCrm::InboundEvent.order(:id)

  # An event of the linked person, for each of these moments.
  def told(moments)
    PwbCrm::Link.create!(integration: desk, record_type: "contact", record_id: person.id.to_s, external_type: "user",
                         external_id: "42")
    moments.map do |at|
      desk.inbound_events.create!(event_id: "evt-#{at}", event_type: "user.phone_changed", external_type: "user",
                                  external_id: "42", payload: { "detail" => { "phone" => at.to_s } },
                                  occurred_at: Time.utc(2026) + at, run_at: 1.minute.ago)
    end
  end

  # Another thread has it while the block runs.
  def while_locked(**what)
    locked = Queue.new
    done = Queue.new
    holder = Thread.new { lock_table(**what) { (locked << true) && done.pop } }
    locked.pop
    yield
  ensure
    done << true
    holder.join
  end

  def lock_table(table: "pwb_integration_inbound_events", mode: "ACCESS EXCLUSIVE")
    PwbCrm::InboundEvent.transaction do
      postgresql = PwbCrm::Sql.postgresql?
      PwbCrm::InboundEvent.run(postgresql ? "LOCK TABLE #{table} IN #{mode} MODE" : "DELETE FROM pwb_integration_marks")
      yield
    end
  end

  def seconds = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  # Zendesk gives up after 12 s; a locked database costs about one.
  def expect_soon(count)
    started = seconds
    answers = yield.map { |answer| [answer.status, answer.headers["retry-after"]] }
    expect(answers).to eq([[503, "30"]] * count)
    expect(seconds - started).to be < 6
  end

  it "asks the remote within seconds to repeat what cannot be stored because the table is locked, and has it then" do
    tell_desk(ticket_event(id: "evt-0"))
    while_locked { expect_soon(1) { [tell_desk] } }
    expect(tell_desk.status).to eq(200)
    expect(events.pluck(:event_id)).to eq(%w[evt-0 evt-1])
  end

  it "does so while the table of integrations is locked, for all who come meanwhile", :postgresql do
    configure(inbound_rate: 2)
    expect(Array.new(3) { guess.status }).to eq([404, 404, 429])
    tell_desk
    while_locked(table: "pwb_integrations") do
      expect_soon(1) { [tell_desk(ticket_event(id: "evt-2"))] }
      PwbCrm::Inbound::Throttle::Keys.reset
      expect_soon(9) { Array.new(9) { |i| Thread.new { i.zero? ? tell_desk : guess } }.map(&:value) }
    end
    stub_const("PwbCrm::Inbound::Throttle::Keys::GOOD_FOR", 0) # the failure is some seconds ago
    expect(guess.status).to eq(429)
  end

  it "stores over a new connection what a broken one did not take", :postgresql do
    tell_desk
    pid = ActiveRecord::Base.lease_connection.select_value("SELECT pg_backend_pid()")
    Thread.new { ActiveRecord::Base.lease_connection.execute("SELECT pg_terminate_backend(#{pid})") }.join
    statuses = Array.new(2) { tell_desk(ticket_event(id: "evt-2")).status }
    expect(statuses.last).to eq(200)
    expect(statuses.first).to eq(200).or eq(503)
    expect(events.count).to eq(2)
  end

  it "applies once what a worker was killed with, after the host had taken it over" do
    event = told([1]).sole
    Timeout.timeout(60) { Process.wait(start_process("inbound_worker", desk.id)) }
    expect(event.reload).to have_attributes(state: "applying", attempts: 1)
    expect([person.reload.primary_phone_number, PwbCrm::Link.sole.inbound_at]).to eq([nil, nil])

    configure(inbound_handlers: { contact: lambda { |record, change|
                                             record.update!(primary_phone_number: change.fields["phone"])
                                           } })
    event.update!(claimed_at: 61.seconds.ago)
    PwbCrm::Inbound.drain
    expect(event.reload).to have_attributes(state: "applied", attempts: 2)
    expect(person.reload.primary_phone_number).to eq("1")
  end

  it "ends in the newest state though many jobs are at it at once", :postgresql do
    taken = Queue.new
    configure(inbound_handlers: { contact: lambda do |record, change|
      ActiveRecord.after_all_transactions_commit { taken << change.event_id }
      sleep(0.001)
      record.update!(primary_phone_number: change.fields["phone"])
    end })
    stub_const("PwbCrm::Inbound::Turn::SLICE", 3)
    told((1..60).to_a.shuffle(random: Random.new(7)))
    Array.new(4) { Thread.new { PwbCrm::IntegrationInboundJob.perform_now(desk.id) } }.each(&:join)
    expect(person.reload.primary_phone_number).to eq("60")
    expect(events.pluck(:state, :error_code).uniq - [["applied", nil], %w[ignored stale]]).to be_empty
    expect(Array.new(taken.size) { taken.pop }.tally.values.uniq).to eq([1])
  end

  it "stores one row of twenty copies that come at once" do
    statuses = Array.new(20) { Thread.new { tell_desk.status } }.map(&:value)
    expect(statuses.uniq).to eq([200])
    expect(events.count).to eq(1)
  end
end
