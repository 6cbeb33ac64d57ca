# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Explanation do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:person) { @person || contact(site) }

  def explained = PwbCrm.explain(person)

  # The first "no".
  def hindrance = explained.steps.reject(&:passed).first

  def fail_with(kind, code)
    remote.script = ->(work) { remote.failed(work, kind, "it went wrong", code:, status: 400) }
    person
    drain(crm)
  end

  def update(**values) = PwbCrm::Delivery.update_all(values)

  def hold = person && update(bulk: true) && crm.update!(bulk_held: true)

  def held_by_a_run
    hold
    PwbCrm::Resync.create!(integration_id: crm.id, state: "paused")
  end

  # What makes it so, the step that says "no", and what it says.
  {
    "the kill switch" => [-> { configure(enabled: false) }, :kill_switch, /is thrown/],
    "a class of no kind" => [-> { configure(contact_class: "Pwb::User") }, :known_kind, /Pwb::Contact is none/],
    "a record without a website" => [-> { person.update_columns(website_id: nil) }, :of_website, /no website/],
    "skip_record" => [-> { configure(skip_record: ->(_) { true }) }, :skip_record, /leaves it out/],
    "a faulty skip_record" => [-> { configure(skip_record: ->(_) { raise IOError }) }, :skip_record, /raised IOError/],
    "skip_website" => [-> { configure(skip_website: ->(_) { true }) }, :skip_website, /leaves its website out/],
    "no integration" => [-> { crm.disconnect! }, :connected, /no integration/],
    "one that is off" => [-> { crm.update!(active: false) }, :sends, /switched off/],
    "a pause" => [-> { crm.pause!("moving.") }, :sends, /paused since 20.* UTC: moving\. Resume it/],
    "a pause of ours" => [-> { crm.hold_off(60, "It rests") }, :sends, /It rests\. It goes on by itself at/],
    "a record that is not saved" => [-> { @person = Pwb::Contact.new(website: site) }, :saved, /not been saved yet/],
    "a copied database" => [-> { crm.update!(environment: "x") }, :sends, /another environment/],
    "what is missing" => [-> { crm.update!(settings: { requires: ["api_key"] }) }, :sends, /lacks api_key/],
    "a kind that is off" => [-> { crm.update!(sync_contacts: false) }, :takes_kind, /sync_contacts is off/],
    "no change since the integration" => [-> { contact_of_old }, :noted, /not changed since.*PwbCrm\.track/],
    "no watched change" => [-> { person && PwbCrm::Delivery.delete_all }, :noted, /no watched column.*first_name/],
    "an earlier state in flight" => [-> { two_states }, :predecessor, /earlier state of itself/],
    "a paused resync" => [-> { held_by_a_run }, :held_bulk, /while resync \d+ is paused: .*RUN=\d+ DO=resume/],
    "a bulk lane that is held without one" => [-> { hold }, :held_bulk, /no resync is paused: .*bulk_held: false/],
    "the settle time" => [-> { person && update(run_at: 1.hour.from_now) }, :due, /goes out \(create\) at/],
    "a failure that passes" => [-> { fail_with(:remote, "INTERNAL_ERROR") }, :due, /again at .* 1 of 12 att.*wrong/],
    "its turn" => [-> { person }, :turn, /worker sends it next/],
    "a worker at it" => [-> { person && update(state: "in_flight") }, :settled, /just being sent/],
    "a dead letter" => [-> { fail_with(:validation, "INVALID_DATA") }, :settled, /dead letter.*wrong.*Replay delivery/],
    "people" => [-> { person && update(state: "held") }, :settled, /People hold it/],
    "a newer version's state" => [-> { person && update(state: "frozen") }, :settled, /is frozen, which/],
    "what the remote needs" => [-> { left_out }, :settled, /left out at .*: no e-mail/]
  }.each do |what, (made, name, said)|
    it "finds #{what}" do
      person if %i[kill_switch skip_record].include?(name)
      instance_exec(&made)
      expect(hindrance).to have_attributes(name:, said: match(said))
      expect(explained.verdict).to end_with(hindrance.said)
    end
  end

  def contact_of_old
    person.update_columns(updated_at: 1.day.ago)
    PwbCrm::Delivery.delete_all
  end

  def two_states
    person
    PwbCrm::Delivery.claim(PwbCrm::Lease.acquire(crm.id), limit: 1)
    person.update!(first_name: "Eva")
  end

  def left_out
    remote.script = ->(work) { remote.outcome(work, status: :skipped, reason: "no e-mail") }
    person
    drain(crm)
  end

  it "finds what a message waits for, and that it does no more" do
    enquiry = message(site, contact: person)
    waiting = PwbCrm.explain(enquiry).answers.sole.steps.last
    expect(waiting.name).to eq(:dependency)
    expect(waiting.said).to match(/waits for contact #{person.id}.*pending after 0/)
    PwbCrm::Delivery.of_record("contact", person.id).update_all(state: "succeeded")
    expect(PwbCrm.explain(enquiry).steps.last.name).to eq(:turn)
  end

  it "says each thing once: what went wrong, what to do about it, and how it is sent again" do
    configure(max_attempts: 2)
    integration = integration(site, "zoho_crm", config: { access_token: "t", api_domain: "https://www.zohoapis.com" })
    zoho = fake!(:zoho)
    person
    zoho.fail_next(status: 500)
    drain(integration)
    again = PwbCrm.explain(person, integration:).verdict
    expect(again.scan(/will be tried again/).size).to eq(1)
    zoho.fail_next(status: 400, body: { code: "RECORD_IN_BLUEPRINT", status: "error", details: {} }.to_json)
    all_due
    drain(integration)
    dead = integration.deliveries.dead.sole
    verdict = PwbCrm.explain(person, integration:).verdict
    expect(verdict).to match(/dead letter since .*; a blueprint .* there\. Replay delivery #{dead.id} afterwards\.\z/i)
    expect([verdict.scan(/blueprint in Zoho/i).size, verdict.scan(/replay/i).size]).to eq([1, 1])
  end

  it "says that it was sent, with the attempts" do
    fail_with(:remote, "INTERNAL_ERROR")
    remote.reset
    all_due
    drain(crm)
    expect(explained).to be_sent
    expect(explained.answers.sole.history)
      .to match([/create created 200 \(name set\)\z/, /create failed 400 INTERNAL_ERROR: /])
    expect(explained.to_s).to start_with("contact #{person.id}\n  ok  kill_switch: ")
      .and match(/^  #{Regexp.escape(crm.label)}: It was sent at .*\n      ok  sends: It may send\.\n/)
      .and include("\n      attempts:\n        ")
  end

  it "knows that it was sent by its link, once its deliveries are pruned" do
    person
    drain(crm)
    PwbCrm::Delivery.delete_all
    expect(explained).to be_sent
    expect(explained.to_s).to match(/noted: Its deliveries have been pruned by age/).and match(/It was sent at 20/)
  end

  it "says that it was sent, and saved since without being noted" do
    person
    drain(crm)
    person.update_columns(first_name: "Eva", updated_at: 1.hour.from_now)
    expect(explained).to be_sent
    expect(explained.verdict).to match(/was sent at .* and saved since .* past the callbacks; the reconcile finds/)
  end

  describe "of a remote whose record is known field by field" do
    include_context "with remotes"

    before do
      person
      drain(desk)
    end

    def verdict = PwbCrm.explain(person, integration: desk).verdict

    it "knows whether anything differs by now, without a request" do
      requests = zendesk.requests.size
      person.touch
      expect(verdict).to match(/sent at .* UTC, and nothing differs from what the remote is known to hold/)
      person.update_columns(first_name: "Eva")
      expect(verdict).to match(/past the callbacks, or in a column that config.watched does not name. PwbCrm.track/)
      configure(readers: PwbCrm.config.readers.deep_merge(contact: { email: ->(_) { raise IOError } }))
      expect(verdict).to match(/could not be sent as it is now: .*email.*raised IOError/)
      expect(zendesk.requests.size).to eq(requests)
    end

    it "says that it was removed" do
      desk.update!(settings: { deletes: "delete" })
      person.destroy!
      all_due
      drain(desk)
      expect(verdict).to match(/removed there at/)
    end
  end

  it "counts as sent what the remote had already" do
    person
    remote.script = ->(work) { remote.outcome(work, status: :skipped, action: :unchanged, reason: "nothing differs") }
    drain(crm)
    expect(explained).to be_sent
  end

  it "answers for each integration of its website, and for no others, or for one" do
    paused = webhook(site)
    paused.pause!("moving")
    integration(website)
    person
    expect(explained.answers.map(&:integration)).to eq([crm, paused])
    moving = "It is paused since #{paused.state_since.utc.to_fs(:db)} UTC: moving. Resume it " \
             "(bin/rails pwb_crm:resume ID=#{paused.id}) when it is to send; what is noted waits."
    expect(explained.verdict.lines.last).to eq("#{paused.label}: #{moving}")
    expect(PwbCrm.explain(person, integration: paused).answers.map(&:verdict)).to eq([moving])
    foreign = PwbCrm.explain(person, integration: integration(website))
    expect(foreign.common.last).to have_attributes(name: :of_website, passed: false)
  end

  it "is there as data, for a page" do
    person
    expect(explained.to_h).to match(
      label: "contact #{person.id}", sent: false, verdict: /worker sends it next/,
      common: all(match(name: a_kind_of(Symbol), passed: true, said: a_kind_of(String))),
      answers: [match(integration_id: crm.id, sent: false, verdict: /next/, history: [],
                      steps: include(include(name: :noted)))]
    )
  end

  it "writes nothing, asks no remote, and shows no value of the record" do
    drain(crm) if person
    pushed = remote.pushed.size
    statements = statements_of { expect(explained.to_s + explained.inspect).not_to match(/Ana|Ruiz|ana@/) }
    expect(statements.grep(/\A\s*(INSERT|UPDATE|DELETE|WITH)/i)).to be_empty
    expect(remote.pushed.size).to eq(pushed)
  end

  it "has words that are short enough for a line, for each step" do
    names = %i[WebsiteSteps GoneSteps ConnectionSteps DeliverySteps LineSteps]
            .map { |name| described_class.const_get(name) }.flat_map { |steps| steps::STEPS }.uniq
    expect(PwbCrm.const_get(:Words).keys("explain")).to match_array(names.map(&:to_s))
  end

  it "is a task" do
    person
    expect { rake("explain", TYPE: "contact", ID: person.id) }.to output(/worker sends it next/).to_stdout
    expect { rake("explain", TYPE: "user", ID: 1) }.to raise_error(PwbCrm::ConfigurationError, /TYPE is one of contact/)
    expect { rake("explain", TYPE: "contact", ID: 0) }.to raise_error(PwbCrm::ConfigurationError, /no contact 0/)
  end
end
