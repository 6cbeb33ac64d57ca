# frozen_string_literal: true

require "rails_helper"

# Replies reach the three systems once, in their order, and internal notes none of them.
RSpec.describe "delivering replies" do
  include_context "with remotes"

  let!(:problem) { ticket(site) }

  def notes = zoho.records("Cases").flat_map { |one| zoho.notes_of("Cases", one["id"]) }.map { |it| it["Note_Content"] }

  def said = zendesk.tickets.flat_map { |one| zendesk.comments(one["id"]).drop(1) }

  def told = receiver.events.select { |event| event["type"] == "comment.created" }.map { |event| event["data"] }

  # Without the reference that Zoho's look-up needs.
  def texts
    [notes.map { |text| text.lines.first.chomp }, said.map { |one| one["body"] }, told.map { |one| one["body"] }]
  end

  def rows(**more) = PwbCrm::Delivery.where(record_type: "comment", **more).order(:id)

  # Until nothing waits, but no more often than that.
  def drain_often(times = 8)
    drain_all while (times -= 1) >= 0 && PwbCrm::Delivery.waiting.exists?
  end

  it "brings a reply to all three, once and in public, as its author" do
    record = reply(problem, "We look into it")
    drain_often(3)
    expect(texts).to eq([["We look into it"]] * 3)
    author = zendesk.users.find { |one| one["email"] == "bo@example.com" }
    expect(said.sole).to include("public" => true, "author_id" => author["id"])
    expect(told.sole).to include("id" => record.id, "ticket_id" => problem.id, "author_name" => "Bo Li",
                                 "ticket_number" => problem.ticket_number, "author_email" => "bo@example.com")
    expect(PwbCrm::Link.where(record_type: "comment").pluck(:external_type)).to match_array(%w[Notes comment event])
  end

  it "sends nothing of a reply again, whoever asks" do
    record = reply(problem)
    drain_often(3)
    before = requests
    record.update!(content: "Something else")
    PwbCrm.track(record)
    drain_often(2)
    expect([requests, texts]).to eq([before, [["We look into it"]] * 3])
    record.destroy!
    PwbCrm::Reconcile.call
    drain_often(2)
    expect(requests).to eq(before)
  end

  it "takes an author unknown there for the connected user" do
    reply(problem, user: Pwb::User.create!(email: "agent@acme.example", first_names: "Eva"))
    drain_often(2)
    expect(texts.map(&:size)).to eq([1, 1, 1])
    expect(zendesk.users.map { |one| one["id"] }).not_to include(said.sole["author_id"])
  end

  it "sends two replies of one second, though they say the same" do
    now = Time.current
    2.times { reply(problem, "Ok", created_at: now) }
    drain_often(4)
    expect(texts).to eq([%w[Ok Ok]] * 3)
  end

  { "once it was said" => :after, "before it was said" => :before }.each do |moment, reset|
    it "doubles and loses none when a connection breaks #{moment}, though another one says the same" do
      reply(problem, "Ok")
      drain_often(3)
      fakes.each_value { |fake| fake.fail_next(1, reset:, only: ->(request) { request.post? || request.put? }) }
      reply(problem, "Ok")
      drain_often(4)
      expect(texts).to eq([%w[Ok Ok]] * 3)
      expect(rows.pluck(:state).uniq).to eq(["succeeded"])
    end
  end

  it "keeps ten replies in order while every third call fails" do
    drain_all
    said = Array.new(10) { |number| reply(problem, "Reply #{number}").content }
    calls = Hash.new(0)
    third = lambda do |request|
      write = request.post? || request.put?
      write && ((calls[request.host] += 1) % 3).zero?
    end
    fakes.each_value { |fake| fake.fail_next(100, status: 503, only: third) }
    drain_often(30)
    expect(texts).to eq([said] * 3)
  end

  it "keeps what is noted in bulk in its order, before what is fresh" do
    old = Array.new(3) { |number| reply(problem, "Old #{number}") }
    PwbCrm::Delivery.delete_all
    rows = PwbCrm::Outbox::Chunks.new("comment").of_records(old)
    PwbCrm::Outbox::Bulk.new(rows, kind: "comment", bulk: true).write
    reply(problem, "New")
    PwbCrm.track(problem)
    drain_often(6)
    expect(texts).to eq([["Old 0", "Old 1", "Old 2", "New"]] * 3)
  end

  it "waits for people without its ticket, and goes once that is there" do
    desk.update!(sync_support_tickets: false)
    reply(problem)
    drain_often(2)
    dead = rows(integration: desk).sole
    expect(dead).to have_attributes(state: "failed", error_code: "ticket_missing", error_message: /replay the ticket/)
    desk.update!(sync_support_tickets: true)
    PwbCrm.track(problem)
    drain_all
    dead.replay!
    drain_all
    expect(texts).to eq([["We look into it"]] * 3)
  end

  it "says what to do where the ticket is closed" do
    drain_all
    zendesk.change_ticket(zendesk.tickets.sole["id"], "status" => "closed")
    reply(problem)
    drain_often(2)
    expect(rows(integration: desk).sole).to have_attributes(state: "failed", error_code: "closed")
  end

  it "goes ahead of a dead letter of its ticket's thread" do
    drain_all
    fakes.each_value { |fake| fake.fail_next(1, status: 422, body: "{}", only: ->(request) { !request.get? }) }
    reply(problem, "Lost")
    drain_all
    reply(problem, "Kept")
    drain_often(2)
    expect(texts).to eq([["Kept"]] * 3)
  end

  it "is delivered at once, its ticket first, when a provider is told to" do
    record = reply(problem)
    note = reply(problem, "internal text", internal_note: true)
    PwbCrm::Delivery.update_all(run_at: 1.hour.from_now)
    [crm, desk, hook].each do |integration|
      expect(integration.provider.sync_ticket_message(record)).to have_attributes(action: :created)
      expect(integration.provider.sync_ticket_message(note)).to have_attributes(
        status: :skipped, reason: /internal note, which stays here/
      )
    end
    expect(texts).to eq([["We look into it"]] * 3)
  end

  it "is counted and sent by a resync, after its ticket and in its order, but for internal notes" do
    4.times do |number|
      reply(problem, "Reply #{number}", internal_note: number == 1, created_at: (4 - number).hours.from_now)
    end
    PwbCrm::Delivery.delete_all
    [crm, desk, hook].each do |integration|
      run = PwbCrm.resync(integration)
      12.times { PwbCrm::IntegrationResyncJob.perform_now(run.id) && drain_all }
      expect(run.reload.counts["comment"]).to include("create" => 3)
    end
    expect(texts).to eq([["Reply 3", "Reply 2", "Reply 0"]] * 3)
  end

  it "is explained: what it waits for, and why it is not sent" do
    first, second = Array.new(2) { reply(problem) }
    drain_all
    PwbCrm::Delivery.where(record_id: first.id).update_all(state: "pending", settled_at: nil)
    PwbCrm::Delivery.where(record_id: second.id).update_all(state: "pending", settled_at: nil)
    expect(PwbCrm.explain(second, integration: crm).verdict).to match(/earlier reply .* comment #{first.id}/)
    expect(PwbCrm.explain(reply(problem, internal_note: true)).verdict).to match(/internal note/)
    own = problem.messages.order(:created_at).first
    expect(PwbCrm.explain(own).verdict).to match(/only repeats what its ticket says/)
  end

  describe "an internal note" do
    def bodies = fakes.values.flat_map(&:requests).map { |request| request.body.to_s }.join

    it "that was public when it was noted stays here" do
      record = reply(problem, "internal text")
      record.update!(internal_note: true)
      drain_often(2)
      expect(bodies).not_to include("internal text")
      expect(rows.pluck(:state).uniq).to eq(["skipped"])
      expect(PwbCrm::SyncLog.where(record_type: "comment").pluck(:response_payload).join).to include("internal note")
    end

    it "stays here when the core alone is asked" do
      note = { "kind" => "comment", "id" => "1", "body" => "internal text", "public" => false }
      work = { "key" => "1", "action" => "upsert", "record" => note, "event_id" => "e",
               "parent" => { "external_type" => "ticket", "external_id" => "1" } }
      outcomes = [crm, desk, hook].map { |one| one.provider.push([work], within: 5).sole }
      expect(outcomes.map { |one| [one.status, one.calls] }).to eq([[:skipped, []]] * 3)
    end

    it "never leaves, whatever happens" do
      random = Random.new(7)
      all = []
      steps = [
        -> { all << reply(problem, "public#{all.size}") },
        -> { all << reply(problem, "internal text", internal_note: true) },
        -> { all.sample(random:)&.update!(content: "internal text", internal_note: true) }, -> { drain_all },
        -> { PwbCrm.track(Pwb::TicketMessage.all) }, -> { PwbCrm::Reconcile.call }, -> { PwbCrm::Delivery.dead.replay },
        lambda {
          fake = fakes.values.sample(random:)
          fake.fail_next(1, **[{ status: 503 }, { reset: :after }, { status: 400, body: "{}" }].sample(random:))
        }
      ]
      60.times { steps.sample(random:).call }
      drain_often(3)
      expect(all.count(&:internal_note)).to be > 5
      expect(bodies).not_to include("internal text")
      expect(bodies).to include("public")
    end
  end
end
