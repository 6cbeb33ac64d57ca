# frozen_string_literal: true

require "spec_helper"
require "active_support/all"
require "tempfile"
require_relative "mark"
require_relative "judge"

# That the judge can fail: small made-up runs, each with one thing wrong.
RSpec.describe Chaos::Judge do
  let(:zoho) { station("w1-zoho", 1, "zoho_crm", deletes: true) }
  let(:zendesk) { station("w1-zendesk", 2, "zendesk") }
  let(:hook) { station("w1-hook", 3, "custom", deletes: true) }

  let(:run) do
    { stations: [zoho, zendesk, hook], records: [contact, ticket],
      saves: [save("c1s1n1", 1), save("c1s1n1", 2), save("t1s1n2", 1, kind: "support_ticket", id: "t")],
      writes: [write(zoho, "c1s1n1", 1), write(zoho, "c1s1n1", 2), event("a", 1), event("b", 2),
               event("t", 1, record: "t1s1n2", kind: "ticket")],
      state: {
        "w1-zoho" => { "Contacts" => [person],
                       "Cases" => [{ "id" => "5", "Subject" => "t1s1n2v1", "Description" => "" }] },
        "w1-zendesk" => { "users" => [{ "name" => "Ana c1s1n1v2", "phone" => "1", "external_id" => "pwb:1:contact:7" }],
                          "tickets" => [remote_ticket] }
      } }
  end

  def station(name, id, platform, deletes: false)
    Chaos::Judge::Station.new(name:, id:, tenant: 1, platform:, kinds: %w[contact message support_ticket], deletes:)
  end

  def mark(text) = Chaos::Mark.in(text, "cet")

  def contact(email: "a@b.example")
    Chaos::Judge::Record.new(kind: "contact", id: "7", mark: mark("c1s1n1v2"),
                             fields: { "first_name" => "Ana", "last_name" => "c1s1n1v2", "primary_email" => email,
                                       "primary_phone_number" => "1" })
  end

  def ticket
    Chaos::Judge::Record.new(kind: "support_ticket", id: "t", mark: mark("t1s1n2v1"),
                             fields: ticket_data("t1s1n2v1"))
  end

  def person(**more)
    { "id" => "4", "First_Name" => "Ana", "Last_Name" => "c1s1n1v2", "Phone" => "1", "Email" => "a@b.example",
      **more.stringify_keys }
  end

  def remote_ticket
    { "subject" => "t1s1n2v1", "priority" => "low", "external_id" => "pwb:1:support_ticket:t",
      "comments" => ["t1s1n2v1"] }
  end

  def save(record, version, kind: "contact", id: "7", action: "save")
    { "record" => record, "version" => version, "kind" => kind, "record_id" => id, "action" => action }
  end

  def write(station, record, version, **more)
    { "remote" => station.name, "record" => record, "version" => version, "change" => "update", "id" => "4",
      "marks" => ["#{record}v#{version}"], **more.stringify_keys }
  end

  def event(id, version, record: "c1s1n1", kind: "contact", **more)
    data = kind == "contact" ? contact_data("#{record}v#{version}") : ticket_data("#{record}v#{version}")
    about = { type: kind, id:, record_id: "7", digest: "#{id}-#{version}", same: version.to_s, own: version.to_s }
    write(hook, record, version, data:, **about, **more)
  end

  def contact_data(name) = { "first_name" => "Ana", "last_name" => name, "phone" => "1", "email" => "a@b.example" }

  def ticket_data(subject) = { "subject" => subject, "description" => "", "priority" => "low", "status" => "open" }

  def findings(**changed) = described_class.call(Chaos::Judge::Evidence.new(**run, **changed))

  def breaches(**changed) = findings(**changed).select(&:breach?).map { |one| "#{one.promise}: #{one.text}" }

  def without(list, key) = run[:state].deep_dup.tap { |state| state[list][key] = [] }

  it "finds nothing in a run without fault" do
    expect(findings).to be_empty
  end

  it "finds a record that is not there" do
    expect(breaches(state: without("w1-zoho",
                                   "Contacts"))).to contain_exactly(/arrival: contact 7 .* is not at w1-zoho/)
    expect(breaches(state: without("w1-zendesk", "tickets")).sole).to match(/arrival: support_ticket t/)
    expect(breaches(writes: run[:writes].grep_v(event("b", 2)))).to contain_exactly(/not in its last state at w1-hook/)
  end

  it "finds a record in an older state, in any field" do
    state = run[:state].deep_dup
    state["w1-zoho"]["Contacts"].first["Phone"] = "2"
    state["w1-zendesk"]["users"].first["name"] = "Ana c1s1n1v1"
    expect(breaches(state:)).to contain_exactly(/w1-zoho: primary_phone_number is "2"/, /w1-zendesk: name is/)
  end

  it "forgives it only to a worker that had stood still" do
    late = Set[[1, "contact", "7"]]
    found = findings(state: without("w1-zoho", "Contacts"), late:)
    expect(found.map(&:grade)).to eq([:doubt])
  end

  it "finds what goes back" do
    back = [*run[:writes], write(zoho, "c1s1n1", 1)]
    expect(breaches(writes: back)).to contain_exactly(/order: c1s1n1 went from version 2 back to 1 at w1-zoho/)
  end

  it "finds what was never committed, and what is another tenant's" do
    stray = write(zoho, "c1s1n1", 100_002)
    expect(breaches(writes: [*run[:writes], stray])).to contain_exactly(/strangers: c1s1n1v100002 was never committed/)
    foreign = write(zoho, "c2s1n1", 1)
    found = breaches(writes: [*run[:writes], foreign], saves: [*run[:saves], save("c2s1n1", 1)])
    expect(found).to contain_exactly(/strangers: c2s1n1v1 of tenant 2 is at w1-zoho/)
  end

  it "finds doubles, and forgives them where nothing can be told apart and a call was in doubt" do
    state = run[:state].deep_dup
    state["w1-zendesk"]["tickets"] << remote_ticket
    expect(breaches(state:)).to contain_exactly(/doubles: support_ticket t .* is 2 times at w1-zendesk/)

    state = run[:state].deep_dup
    state["w1-zoho"]["Cases"] << { "Subject" => "t1s1n2v1", "Description" => "" }
    expect(breaches(state:)).to contain_exactly(/doubles: .* is 2 times at w1-zoho, with 0 calls in doubt/)
    expect(findings(state:, maybes: { [1, "support_ticket", "t"] => 1 }).map(&:grade)).to eq([:doubt])
    state["w1-zoho"]["Contacts"] << person(id: "9")
    expect(breaches(state:,
                    maybes: { [1, "contact", "7"] => 5,
                              [1, "support_ticket", "t"] => 1 }).sole).to match(/contact 7/)
  end

  describe "replies" do
    let(:hook) do
      Chaos::Judge::Station.new(name: "w1-hook", id: 3, tenant: 1, platform: "custom", kinds: ["comment"],
                                deletes: true)
    end
    let(:comments) { [1, 2].map { |number| comment("r1s1n#{number}v1") } }
    let(:told) { { stations: [hook], records: [], comments:, saves: [1, 2].map { |n| save("r1s1n#{n}", 1) } } }

    def comment(text, internal: false)
      Chaos::Judge::Replies::Comment.new(id: text, ticket: "t", mark: Chaos::Mark.in(text, "r"), internal:)
    end

    def accept(*numbers) = numbers.map { |number| write(hook, "r1s1n#{number}", 1, id: number) }

    def found(**changed) = breaches(**told, writes: accept(1, 2), **changed)

    it "that all arrived in their order are no fault" do
      expect(found).to be_empty
    end

    it "that are missing, swapped or doubled are" do
      expect(found(writes: accept(1))).to contain_exactly(/the reply r1s1n2v1 is not at w1-hook/)
      expect(found(writes: accept(2, 1))).to contain_exactly(/r1s1n2v1 is at w1-hook before r1s1n1v1/)
      twice = { "w1-hook" => ["r1s1n1v1 Any news?", "r1s1n1v1 Any news?"] }
      expect(found(state: twice)).to contain_exactly(/the reply r1s1n1v1 is 2 times at w1-hook/)
      expect(found(state: twice, maybes: { [3, "comment", "r1s1n1v1"] => 1 })).to be_empty
    end

    it "that are internal notes must be nowhere" do
      notes = [comments.first, comment("r1s1n2v1", internal: true)]
      expect(found(comments: notes)).to contain_exactly(/the internal note r1s1n2v1 is at w1-hook/)
      expect(found(comments: notes, writes: accept(1))).to be_empty
      expect(found(comments: notes, writes: accept(1), state: { "w1-hook" => ["r1s1n2v1"] }).size).to eq(1)
    end
  end

  it "finds an event whose repeat differs, and news that come twice" do
    expect(breaches(writes: [*run[:writes], event("b", 2)])).to be_empty
    changed = event("b", 2, digest: "x", own: "x")
    expect(breaches(writes: [*run[:writes], changed]).sole).to match(/event b .* different bodies/)
    expect(findings(writes: [*run[:writes], changed.merge("own" => "2")]).map(&:grade)).to eq([:doubt])
    expect(breaches(writes: [*run[:writes], event("c", 2)]).sole).to match(/repeats: 1 events .* under another id/)
  end

  it "takes news that come twice for a doubt where a worker died with the first" do
    again = { writes: [*run[:writes], event("c", 2)] }
    expect(breaches(**again, unlogged: { [hook.id, "contact", "7"] => 1 })).to be_empty
    expect(breaches(**again, unlogged: { [zoho.id, "contact", "7"] => 1 })).not_to be_empty
  end

  it "finds what was destroyed and is still there" do
    gone = { records: [ticket], saves: [*run[:saves], save("c1s1n1", 2, action: "destroy")] }
    expect(breaches(**gone)).to contain_exactly(/removal: .* still at w1-zoho/, /removal: .* still at w1-hook/)
    told = [*run[:writes], event("d", 2, change: "delete")]
    expect(breaches(**gone, state: without("w1-zoho", "Contacts"), writes: told)).to be_empty
  end

  it "finds harm to the host" do
    wait = { "seconds" => 1.5, "by" => "chaos-worker-0-1", "query" => "UPDATE", "their_query" => "UPDATE" }
    expect(breaches(waits: [wait, wait.merge("stopped" => true),
                            wait.merge("seconds" => 0.2)]).sole).to match(/waited 1.5 s/)
    expect(breaches(exceptions: [{ "breach" => "RuntimeError: no", "flow" => "noise" }]).sole).to match(/RuntimeError/)
    host = ['UPDATE "pwb_contacts"', 'UPDATE "pwb_messages"']
    expect(breaches(deadlocks: [host, [host.first, 'UPDATE "pwb_integrations" SET']])).to contain_exactly(/deadlock/)
  end

  it "finds a save that the host was told is committed and is not" do
    expect(breaches(told: %w[c1s1n1v2 c1s1n1v3])).to contain_exactly(/host: c1s1n1v3 was saved .* is not there/)
  end

  it "says so where it cannot read who deadlocked" do
    expect(findings(deadlocks: nil).map(&:text)).to contain_exactly(/log cannot be read/)
  end

  it "finds what is stuck, given up or disconnected, and steps that nobody was killed at" do
    expect(breaches(undelivered: ["row"], dead: ["row"]).size).to eq(2)
    lost = "Zendesk no longer accepts the stored authorization"
    expect(breaches(disconnected: [["w1-zoho", lost], ["w1-zendesk", lost]]).sole).to match(/w1-zoho had to be/)
    expect(breaches(disconnected: [["w1-zendesk", "Zendesk answered 401"]]).sole).to match(/w1-zendesk had to be/)
    expect(breaches(steps: { "after_claim" => 1, "before_send" => 1, "after_send" => 1, "inside_settle" => 3 }).sole)
      .to match(/after_refresh/)
  end

  it "reads deadlocks in the server's log" do
    log = Tempfile.new("log")
    log.write(<<~LOG)
      2026-01-01 10:00:00.000 UTC [12] ERROR:  deadlock detected
      2026-01-01 10:00:00.000 UTC [12] DETAIL:  Process 12 waits for ShareLock on transaction 5; blocked by process 13.
      \tProcess 13 waits for ShareLock on transaction 6; blocked by process 12.
      \tProcess 12: UPDATE a
      \tProcess 13: UPDATE b
      2026-01-01 10:00:00.000 UTC [12] HINT:  See server log for query details.
    LOG
    log.close
    expect(Chaos::Judge::Deadlocks.in_log(log.path)).to eq([["UPDATE a", "UPDATE b"]])
  end
end
