# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain::Verdict do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def deliveries = PwbCrm::Delivery.order(:id)

  def states = deliveries.pluck(:state)

  def fails(kind, **) = remote.script = ->(work) { remote.failed(work, kind, **) }

  it "keeps in one word why a provider has left something out" do
    contact(site)
    remote.script = ->(work) { PwbCrm::Outcome.skipped(work[:key], "it is not wanted", code: :unwanted) }
    drain(crm)
    expect(deliveries.sole).to have_attributes(state: "skipped", error_code: "unwanted", error_kind: nil,
                                               error_message: "it is not wanted")
  end

  describe "a failure" do
    let!(:record) { contact(site) }

    it "that may pass are tried again later, by the kind of error" do
      fails(:timeout, sent: :maybe)
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "pending", attempts: 1, doubt: true, error_code: "timeout",
                                                 error_message: "contact #{record.id}: it went wrong.")
      expect(deliveries.sole.run_at).to be_between(Time.current, 20.seconds.from_now)
    end

    it "waits, uncounted and in its place, while the remote wants a pause" do
      before = deliveries.sole.run_at
      fails(:rate_limit, retry_after: 600, status: 429)
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "pending", attempts: 0, doubt: false, run_at: before,
                                                 error_code: "rate_limit", error_message: /contact #{record.id}/)
      expect(crm.reload.paused_until).to be_between(595.seconds.from_now, 610.seconds.from_now)
    end

    it "leave no doubt where nothing was sent" do
      fails(:connection, sent: :no)
      drain(crm)
      expect(deliveries.sole.doubt).to be(false)
    end

    it "become a dead letter after the last attempt" do
      deliveries.update_all(attempts: 11)
      fails(:remote, status: 502)
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "failed", doubt: true,
                                                 error_message: /contact #{record.id}.*12 attempts/)
    end

    {
      validation: /Correct the record/, not_found: /address and modules/, permission: /permission/,
      configuration: /Correct what is named/, blocked_address: /public internet/, internal: /report it/
    }.each do |kind, cure|
      it "of the kind #{kind} become a dead letter at once, which names record and cure" do
        fails(kind, code: "SOME_CODE")
        drain(crm)
        expect(deliveries.sole).to have_attributes(state: "failed", error_code: "SOME_CODE")
        expect(deliveries.sole.error_message).to match(/\Acontact #{record.id}: it went wrong\. .*#{cure}/)
      end
    end

    it "says what sends it again, and that does" do
      fails(:permission)
      drain(crm)
      expect(deliveries.sole.error_message).to end_with("change the record or replay delivery #{deliveries.sole.id}.")
      remote.script = ->(work) { remote.succeeded(work) }
      deliveries.sole.replay!
      drain(crm)
      expect(states).to eq(%w[succeeded])

      fails(:permission)
      2.times { PwbCrm.track(record) && drain(crm) }
      remote.script = ->(work) { remote.succeeded(work) }
      record.update!(first_name: "Eva")
      drain(crm)
      expect(states).to eq(%w[succeeded superseded superseded succeeded])
    end

    it "that was in doubt and is left out then leaves its doubt, until the record arrives" do
      fails(:timeout, sent: :maybe)
      drain(crm)
      configure(skip_record: ->(_) { true })
      all_due
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "skipped", doubt: true)

      configure(skip_record: ->(_) { false })
      remote.script = ->(work) { remote.succeeded(work) }
      record.update!(first_name: "Eva")
      drain(crm)
      expect(remote.pushed.flatten.last[:doubt]).to be(true)
      expect(deliveries.pluck(:doubt)).to eq([false, false])
    end

    { PwbCrm::Error::NOT_ATTEMPTED => :timeout, PwbCrm::Error::PUT_OFF => :rate_limit }.each do |code, kind|
      it "of what never had its turn (#{code}) is no attempt, no failure and no line in the log" do
        turns = 0
        remote.script = lambda do |work|
          next remote.succeeded(work) if (turns += 1) > 1

          remote.outcome(work, status: :failed, error: { kind:, message: "not asked yet", sent: :no, code: })
        end
        2.times { drain(crm) }
        expect(deliveries.sole).to have_attributes(state: "succeeded", attempts: 1, doubt: false, first_failed_at: nil)
        expect(crm.reload).to have_attributes(last_error: nil, last_failed_at: nil)
        expect(PwbCrm::SyncLog.pluck(:success, :attempt)).to eq([[true, 1]])
      end
    end

    it "that became a dead letter is made up for by what arrives later, not by what is left out" do
      fails(:validation)
      drain(crm)
      record.update!(first_name: "Eva")
      configure(skip_record: ->(_) { true })
      drain(crm)
      expect(states).to eq(%w[failed skipped])

      configure(skip_record: ->(_) { false })
      record.update!(first_name: "Ida")
      remote.script = ->(work) { remote.succeeded(work) }
      drain(crm)
      expect(states).to eq(%w[superseded skipped succeeded])
    end

    it "of one delivery do not stop the others" do
      others = Array.new(3) { contact(site) }
      remote.script = lambda do |work|
        work[:record][:id] == record.id ? remote.failed(work, :validation) : remote.succeeded(work)
      end
      drain(crm)
      expect(states).to eq(%w[failed succeeded succeeded succeeded])
      expect(crm.links.pluck(:record_id)).to match_array(others.map { |other| other.id.to_s })
    end

    it "that the provider raises go out one by one, in doubt, and only the cause fails" do
      contact(site)
      allow(Rails.error).to receive(:report)
      remote.script = ->(work) { work[:record][:id] == record.id ? raise("a bug") : remote.succeeded(work) }
      drain(crm)
      expect(states).to eq(%w[failed succeeded])
      expect(remote.pushed.last).to match([include(doubt: true)])
    end

    it "that the provider raises because of the remote are all the deliveries', without asking it for each" do
      2.times { contact(site) }
      calls = 0
      remote.script = ->(_) { (calls += 1) && raise(PwbCrm::RateLimitError.new("slow down", retry_after: 60)) }
      drain(crm)
      expect(calls).to eq(1)
      expect(deliveries.pluck(:state, :attempts, :doubt).uniq).to eq([["pending", 0, false]])
      expect(crm.reload.paused_until).to be > 55.seconds.from_now
    end

    it "that the provider raises before it sends leave no doubt" do
      contact(site)
      remote.script = lambda do |work|
        work[:record][:id] == record.id ? raise(PwbCrm::ConfigurationError, "no such field") : remote.succeeded(work)
      end
      drain(crm)
      expect(deliveries.pluck(:state, :doubt)).to eq([["failed", false], ["succeeded", false]])
      expect(remote.pushed.flatten.pluck(:doubt).uniq).to eq([false])
    end

    it "of our own, a panic in the core for one, may have come after the request" do
      remote.script = ->(_) { raise PwbCrm::InternalError, "pwb_crm failed inside sync" }
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "failed", doubt: true, error_message: /failed inside sync/)
    end

    it "to answer at all are a fault of the provider" do
      remote.script = ->(_) {}
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "failed", error_message: /gave no outcome.*report/)
    end

    it "of a reader are the record's, and the message shows no value" do
      configure(readers: { contact: { phone: ->(person) { Integer(person.first_name) } } })
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "failed", error_message: /contact.phone.*ArgumentError/)
      expect(deliveries.sole.error_message).not_to include("Ana")
    end

    it "may be told in words that no database holds" do
      fails(:validation, code: "BAD\0CODE", message: "no\0t\xFF good")
      drain(crm)
      expect(deliveries.sole).to have_attributes(state: "failed", error_code: "BADCODE",
                                                 error_message: /\Acontact #{record.id}: no\\u0000t\uFFFD good\./)
    end

    it "of a configured lambda are told with its name" do
      configure(skip_record: ->(_) { raise "secret value" })
      drain(crm)
      expect(deliveries.sole.error_message).to match(/contact #{record.id}: PwbCrm.config.skip_record raised/)
      expect(deliveries.sole.error_message).not_to include("secret value")
    end

    it "are made up for by a later delivery of the record" do
      fails(:validation)
      drain(crm)
      remote.script = ->(work) { remote.succeeded(work) }
      record.update!(first_name: "Eva")
      drain(crm)
      expect(states).to eq(%w[superseded succeeded])
    end

    it "show on the integration until a slice went through" do
      fails(:validation)
      drain(crm)
      expect(crm.reload).to have_attributes(last_error: /contact #{record.id}/, last_synced_at: nil)
      expect(crm.last_failed_at).to be_present
      remote.script = ->(work) { remote.succeeded(work) }
      record.update!(first_name: "Eva")
      drain(crm)
      expect(crm.reload).to have_attributes(last_error: nil, last_synced_at: be_present)
    end
  end

  describe "the sync log" do
    it "tells each attempt without values" do
      record = contact(site)
      fails(:remote, status: 502, code: "BAD_GATEWAY")
      drain(crm)
      all_due
      remote.script = ->(work) { remote.succeeded(work) }
      drain(crm)

      first, second = PwbCrm::SyncLog.order(:id).to_a
      expect(first).to have_attributes(record_type: "contact", record_id: record.id.to_s, action: "create", attempt: 1,
                                       success: false, http_status: 502, error_code: "BAD_GATEWAY", duration_ms: 12)
      expect(second).to have_attributes(success: true, attempt: 2, http_status: 200, delivery: deliveries.sole)
      expect(second.request_payload["calls"].sole)
        .to eq("method" => "POST", "path" => "/things", "fields" => %w[name], "status" => 200, "sent" => "yes",
               "duration_ms" => 12)
      expect(second.response_payload)
        .to include("action" => "created", "id" => "remote-#{record.id}", "request_id" => "req-1")
      expect(PwbCrm::SyncLog.all.to_json).not_to include("ana@example.com")
    end
  end
end
