# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

RSpec.describe "Deliveries within the limits" do
  include_context "with paced remotes"

  def contacts(count) = Array.new(count) { |n| contact(site, primary_email: "#{n}@example.com") }

  def deliveries(integration) = integration.deliveries.order(:id)

  # Seconds that went by, and those of them that the limits dictated: the rest is what this machine took.
  def seconds(&)
    began = clock.call
    real = real_seconds(&)
    all = clock.call - began
    [all, all - real]
  end

  def real_seconds
    began = PwbCrm.const_get(:Monotonic).now
    yield
    PwbCrm.const_get(:Monotonic).now - began
  end

  # What a limit of one in a second lets through meanwhile, beside what virtual time allows: one, but for a machine that
  # takes seconds for it.
  def allowed(&) = be_between(1, 1 + real_seconds(&).floor)

  def succeeded = deliveries(desk).where(state: "succeeded").count

  describe "at Zendesk" do
    it "writes one person a second, and lets no tickets wait for them" do
      contacts(5)
      known = linked(contact(site, primary_email: "known@example.com"))
      3.times { |n| message(site, contact: known, title: "T#{n}") }
      expect(seconds { turns(desk) }).to match([be >= 3, be <= 6])
      expect(deliveries(desk).pluck(:state).uniq).to eq(["succeeded"])
      expect([refused, slept]).to eq([0, []])
      tickets = zendesk.requests.each_index.select { |at| zendesk.requests[at].path.include?("tickets") }
      expect(tickets.last).to be < 7
    end

    it "has people wait for the person of an enquiry, too, and takes what that costs" do
      enquiries = Array.new(3) { |n| message(site, contact: nil, title: "T#{n}") }
      enquiries.zip(contacts(3)) { |enquiry, person| enquiry.update!(contact: person) }
      turns(desk)
      expect(deliveries(desk).pluck(:state).uniq).to eq(["succeeded"])
      expect(refused).to eq(0)
    end

    it "does not go through a whole backlog of such enquiries at each turn" do
      enquiries = Array.new(40) { |n| message(site, contact: nil, title: "T#{n}") }
      enquiries.each { |enquiry| enquiry.update!(contact: contact(site, primary_email: "#{enquiry.id}@example.com")) }
      PwbCrm::Delivery.where(record_type: "contact").delete_all
      desk.note_account("acme")
      one = allowed { drain(desk) }
      expect(succeeded).to one
      expect(deliveries(desk).where("run_at > ?", Time.current + PwbCrm::Sql.offset).count).to be <= 15
      real = real_seconds { turns(desk, most: 20) }
      expect(succeeded).to be_between(15, 21 + real.floor)
      expect(refused).to eq(0)
    end

    describe "where all enquiries in front wait for their people" do
      let!(:enquiry) do
        enquiries = Array.new(3) { |n| message(site, contact: nil, title: "T#{n}") }
        enquiries.zip(contacts(3)) { |one, person| one.update!(contact: person) }
        PwbCrm::Delivery.where(record_type: "contact").update_all(run_at: 1.day.from_now)
        message(site, contact: linked(contact(site, primary_email: "known@example.com")), title: "behind")
      end

      before { stub_const("PwbCrm::Drain::Lanes::FRONT", 2) }

      def sent = deliveries(desk).where(state: "succeeded", record_type: "message").pluck(:record_id)

      it "looks behind them before it ends" do
        drain(desk)
        expect(sent).to eq([enquiry.id.to_s])
      end

      it "looks behind them now and then while others keep it busy" do
        Array.new(21) { |n| contact(site, primary_email: "busy-#{n}@example.com") }
        turns(desk, most: 20)
        expect(sent).to eq([enquiry.id.to_s])
        expect(deliveries(desk).where(state: "succeeded", record_type: "contact").count).to be_between(10, 20)
      end
    end

    it "leaves a person alone that was written a moment ago" do
      person = contact(site)
      drain(desk)
      person.update!(first_name: "Eva")
      pass(2)
      drain(desk)
      expect(deliveries(desk).pluck(:state)).to eq(%w[succeeded pending])
      expect(PwbCrm::Delivery.seconds_to_next(desk.id)).to be_between(5, 12)
      pass(12)
      drain(desk)
      expect(deliveries(desk).pluck(:state).uniq).to eq(["succeeded"])
    end

    it "shares the limits with others on the account, and their pauses" do
      other = integration(website, "zendesk", config: { subdomain: "ACME", access_token: "zendesk-token" })
      [desk, other].each { |one| one.note_account("acme") }
      expect(other.budget_account).to eq(desk.budget_account)
      expect(desk.siblings).to eq([other])
      contacts(1)
      zendesk.fail_next(1, status: 429, headers: { "retry-after" => "60" })
      drain(desk)
      contact(other.website)
      drain(other)
      expect(other.reload).to have_attributes(state_code: "limits", held_off?: true)
      expect(zendesk.requests.size).to eq(1)
    end
  end

  it "has no worker wait: the job ends, and comes back when the limit allows it" do
    contacts(6)
    real = real_seconds { 2.times { drain(desk) } }
    one = be_between(1, 1 + real.floor)
    expect(desk.deliveries.group(:state).count).to match("succeeded" => one, "pending" => 6 - succeeded)
    expect([slept, alarms.size, alarms.map(&:first)]).to match([[], one, all(be_between([0.5, 0.9 - real].min, 1.2))])
    expect(desk.reload).to have_attributes(state_code: nil, held_off?: false, leased_until: nil)
    expect { alarms.pop.last.call }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(desk.id).at(:no_wait)
    pass(1.2)
    before = succeeded
    one = allowed { drain(desk) }
    expect([succeeded - before, alarms.size]).to all(one)
  end

  it "leaves a pause to the queue" do
    contacts(1)
    zendesk.fail_next(1, status: 429, headers: { "retry-after" => "60" })
    drain(desk)
    expect([slept, alarms]).to eq([[], []])
    expect(desk.reload).to have_attributes(state_code: "limits", held_off?: true)
  end

  it "waits itself where no job would come back" do
    desk.update!(active: false)
    hook.update!(settings: { "requests_per_second" => 1 })
    contacts(5)
    PwbCrm::Sweep.drain
    expect(deliveries(hook).pluck(:state).uniq).to eq(["succeeded"])
    expect(slept.sum).to be_between(2, 6)
    expect(alarms).to eq([])
  end

  it "gives back nothing of what was taken where a turn is broken off, because it may have been used" do
    contacts(1)
    allow(PwbCrm::Drain::Push).to receive(:new).and_wrap_original do |original, *given|
      original.call(*given).tap { |push| allow(push).to receive(:call).and_raise(PwbCrm::Lease::Lost) }
    end
    began = clock.call.to_f
    drain(desk)
    # Given back, it would be free a second earlier.
    expect(PwbCrm::Budget.find_by!(account: desk.budget_account, bucket: "user_writes").tat).to be >= began + 1
  end

  it "sends what people save before what was noted in bulk, and what that waits for" do
    person = contact(site)
    PwbCrm::Delivery.where(integration_id: crm.id).update_all(bulk: true)
    message(site, contact: person)
    contacts(30).each { |one| PwbCrm::Delivery.where(record_id: one.id.to_s).update_all(bulk: true) }
    configure(batch_size: 2)
    drain(crm)
    expect(deliveries(crm).where(state: "succeeded").order(:settled_at, :id).first(2).map(&:record_type))
      .to eq(%w[contact message])
  end

  describe "the credits of Zoho" do
    before do
      crm.update!(settings: { "daily_credits" => 100 })
      crm.note_account("acme")
    end

    def spend(count) = PwbCrm::Budget::Credits.new(crm.budget_account, 100).spend(count)

    it "counts what requests cost" do
      contacts(25)
      drain(crm)
      expect(PwbCrm::Budget::Credits.new(crm.reload.budget_account, 100).look.room).to eq(97)
    end

    it "counts them where the turn is broken off, too" do
      contacts(25)
      allow(PwbCrm::Drain::Settlement).to receive(:new).and_raise(PwbCrm::Lease::Lost)
      drain(crm)
      expect(PwbCrm::Budget::Credits.new(crm.budget_account, 100).look.used).to eq(3)
    end

    it "counts those of a record that is sent at once, too" do
      allow(PwbCrm::Drain::Settlement).to receive(:new).and_raise("no more")
      expect { crm.provider.sync_contact(contacts(1).sole) }.to raise_error("no more")
      expect(PwbCrm::Budget::Credits.new(crm.budget_account, 100).look.used).to eq(zoho.requests.size).and be_positive
    end

    it "hides not why it was broken off where they cannot be counted" do
      contacts(1)
      faults = []
      allow(Rails.error).to receive(:report) { |error, **| faults << error.message }
      allow(PwbCrm::Drain::Settlement).to receive(:new).and_raise("no more")
      allow(PwbCrm::Budget).to receive(:run).and_wrap_original do |original, sql, *values|
        sql.include?("'credits'") ? raise("no count") : original.call(sql, *values)
      end
      expect { drain(crm) }.to raise_error("no more")
      expect(faults).to eq(["no count"])
    end

    it "leaves a tenth to what people save, and goes on the next day" do
      spend(95)
      contacts(5)
      PwbCrm::Delivery.where(integration_id: crm.id).update_all(bulk: true)
      fresh = contact(site)
      drain(crm)
      expect(deliveries(crm).where(state: "succeeded").pluck(:record_id)).to eq([fresh.id.to_s])
      expect(PwbCrm::Conveyor.send(:next_due, crm.id)).to be_nil
      pass(26 * 3600)
      drain(crm)
      expect(deliveries(crm).pluck(:state).uniq).to eq(["succeeded"])
    end

    it "stops when nothing is left, until the oldest are a day old" do
      spend(100)
      contacts(1)
      drain(crm)
      expect(crm.reload).to have_attributes(state_code: "limits", held_off?: true)
      expect(PwbCrm::Conveyor.send(:next_due, crm.id)).to be_between(23 * 3600, 25 * 3600)
      expect(zoho.requests).to be_empty
    end
  end

  it "spreads the requests to a webhook, if its settings say so" do
    hook.update!(settings: { "requests_per_second" => 5 })
    contacts(20)
    expect(seconds { turns(hook) }).to match([be >= 1.5, be <= 6])
    expect(deliveries(hook).pluck(:state).uniq).to eq(["succeeded"])
  end

  it "asks for one record at once, and queues it if that takes too long" do
    person = contact(site)
    expect(desk.provider.sync_contact(person)).to be_success
    another = contact(site, primary_email: "another@example.com")
    PwbCrm::Budget.block(desk.budget_account, 30, bucket: "user_writes")
    expect(desk.provider.sync_contact(another)).to have_attributes(status: :skipped, reason: /queued/)
    expect(zendesk.users.size).to eq(1)
  end
end
