# frozen_string_literal: true

require "rails_helper"

# Access tokens that the remote refuses although they were renewed: an administrator may have ended them that moment,
# or the process stood still for longer than they live. People are asked only once nothing else helps.
RSpec.describe "tokens that are refused" do
  let(:remote) { ScriptedProvider }
  let(:crm) { integration(website, config: { access_token: "old", refresh_token: "r1" }) }
  let(:asked) { [] }
  # Tokens that the remote takes, and the ends of others, noted by whoever ends them.
  let(:dead) { ["old"] }

  before do
    remote.refreshes = lambda do
      asked << true
      { access_token: "new-#{asked.size}", expires_in: 3600 }
    end
    remote.script = ->(work) { dead.include?(token) ? refuse(work) : remote.succeeded(work) }
    crm
    contact(crm.website)
  end

  def again = PwbCrm::Integration.find(crm.id)

  def token = again.config["access_token"]

  def refuse(work) = remote.failed(work, :authentication, "The remote answered INVALID_TOKEN.", status: 401)

  def delivery = PwbCrm::Delivery.order(:id).last

  def be_waiting = have_attributes(state: "pending", attempts: 0, doubt: false)

  def end_pause = PwbCrm::Integration.where(id: crm.id).note(paused_until: 1.second.ago)

  def deliver_or_wait
    all_due
    drain(crm)
    again
  end

  def deliver
    end_pause
    deliver_or_wait
  end

  # Stops what follows for an hour, each time.
  def asleep(object, name)
    slept = 0
    allow(PwbCrm::Lease).to(receive(:clock).and_wrap_original { |clock| clock.call + slept })
    allow(object).to receive(name).and_wrap_original do |original, *args, **options|
      slept += 3600
      original.call(*args, **options)
    end
  end

  def hold_off_for(seconds)
    have_attributes(status: :paused, state: "ready", state_code: "tokens", paused_until: be_within(35).of(
      (seconds + 30).seconds.from_now
    ))
  end

  it "goes on with others when they are ended between their renewal and the call" do
    crm.connect!(access_token: "old", refresh_token: "r1", expires_in: 60)
    dead << "new-1"
    expect(deliver).to have_attributes(status: :ready, tokens_refused: 0)
    expect(asked.size).to eq(2)
    expect(delivery).to have_attributes(state: "succeeded", attempts: 1)
  end

  it "goes on with others when they are ended before any call with them was answered well" do
    remote.slice = 1
    contact(crm.website)
    broken = [true]
    remote.script = lambda do |work|
      next refuse(work) if dead.include?(token)
      next remote.succeeded(work) unless broken.pop

      dead << token
      remote.failed(work, :remote, "It answered 500.", status: 500)
    end
    expect(deliver.status).to eq(:ready)
    expect(PwbCrm::Delivery.order(:id).pluck(:state)).to eq(%w[pending succeeded])
    expect(asked.size).to eq(2)
  end

  describe "once more, by new ones" do
    before { dead.push("new-1") }

    it "wait for a minute, uncounted, and the log has the refusal" do
      expect(deliver).to hold_off_for(60)
      expect(again).to have_attributes(status_message: /just granted: .*INVALID_TOKEN.*goes on by itself/,
                                       health: have_attributes(state: :paused_by_us))
      expect(delivery).to be_waiting.and have_attributes(error_code: "no_tokens")
      expect(PwbCrm::SyncLog.sole).to have_attributes(success: false, error_code: "no_tokens")
      expect(PwbCrm::SyncLog.sole.request_payload["calls"].sole).to include("status" => 401)
    end

    it "are not asked for while it waits, and all is well with the next ones" do
      2.times { deliver_or_wait }
      expect(asked.size).to eq(1)

      end_pause
      expect(again.health).to have_attributes(state: :degraded, why: /refused tokens that it had just granted/)
      expect(deliver).to have_attributes(status: :ready, tokens_refused: 0, last_error: nil)
      expect(delivery).to have_attributes(state: "succeeded", attempts: 1)
    end

    it "make people connect again after the third time in a row" do
      dead.push("new-2", "new-3")
      expect([deliver, deliver]).to match([hold_off_for(60), hold_off_for(600)])
      expect(deliver).to have_attributes(status: :reconnect, state_reason: /INVALID_TOKEN.*Connect the account again/)
      expect(asked.size).to eq(3)
      expect(delivery).to be_waiting

      again.connect!(access_token: "better", refresh_token: "r2", expires_in: 3600)
      expect(again).to have_attributes(status: :ready, tokens_refused: 0)
    end
  end

  it "counts from the start after a call that was answered well" do
    dead.push("new-1", "new-2")
    2.times { deliver }
    expect(deliver).to have_attributes(status: :ready, tokens_refused: 0)
    dead.push("new-3", "new-4")
    contact(crm.website)
    expect(deliver).to hold_off_for(60)
  end

  it "comes to an end where one record alone is refused, again and again" do
    first = delivery.record_id
    remote.script = ->(work) { work[:record][:id] == first.to_i ? refuse(work) : remote.succeeded(work) }
    3.times do
      contact(crm.website)
      deliver
    end
    expect(again.status).to eq(:reconnect)
    expect(PwbCrm::Delivery.order(:id).pluck(:state)).to eq(%w[pending succeeded succeeded succeeded])
  end

  it "says nothing against tokens that were an hour old by then, however often" do
    dead.push(*1.upto(9).map { |number| "new-#{number}" })
    asleep(remote, :sync)
    4.times { expect(deliver).to hold_off_for(60) }
    expect(again.tokens_refused).to eq(0)
    dead.clear
    expect(deliver.status).to eq(:ready)
  end

  it "is settled as it was judged, however long that takes" do
    dead.push("new-1")
    allow(PwbCrm::Drain::Settlement).to receive(:new).and_wrap_original do |original, *args|
      end_pause
      args.first.reload
      original.call(*args)
    end
    expect(deliver).to have_attributes(status: :ready, tokens_refused: 0)
    expect(PwbCrm::SyncLog.order(:id).pluck(:error_code)).to eq(["no_tokens", nil])
    expect(delivery).to have_attributes(state: "succeeded", attempts: 1)
  end

  it "counts the life of a token from when it was asked for, not from when it was stored" do
    asleep(remote, :refreshes)
    remote.refreshes = -> { { access_token: "new", expires_in: 4200 } }
    crm.refresh_tokens!
    expect(Time.zone.parse(crm.config["token_expires_at"])).to be_within(5).of(600.seconds.from_now)
  end

  it "asks people at once where there is nothing to renew" do
    remote.refreshes = nil
    expect(deliver).to have_attributes(status: :reconnect, state_reason: /INVALID_TOKEN/)
    expect(delivery).to be_waiting
  end

  it "are forgotten with the credentials that people replace, whatever a worker has noted since the form was open" do
    form = again
    PwbCrm::Integration.where(id: crm.id)
                       .note(tokens_refused: 2, renewals_refused: 2, account_digest: "former", state: "reconnect")
    form.update!(config: { client_id: "another" })
    expect(again).to have_attributes(tokens_refused: 0, renewals_refused: 0, account_digest: nil)
    again.update!(name: "Only a name")
    PwbCrm::Integration.where(id: crm.id).note(tokens_refused: 1, account_digest: "present")
    again.update!(name: "Another")
    expect(again).to have_attributes(tokens_refused: 1, account_digest: "present")
  end
end
