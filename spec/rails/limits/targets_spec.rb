# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# One ticket takes thirty updates in ten minutes, one user five writes a minute.
RSpec.describe "What Zendesk takes few writes of" do
  include_context "with paced remotes"

  def deliveries = desk.deliveries.order(:id)

  def states = deliveries.pluck(:state).uniq

  # Virtual seconds that went by.
  def seconds
    began = clock.call
    yield
    clock.call - began
  end

  def comments(ticket) = zendesk.comments(link(ticket).external_id).drop(1).map { |comment| comment["body"] }

  def link(record) = desk.links.find_by!(record_type: "support_ticket", record_id: record.id.to_s)

  # Until the block says that it is done.
  def quickly
    began = clock.call
    drain_once until yield
    expect(clock.call - began).to be < 45
  end

  def drain_once
    seconds, = alarms.pop
    pass(seconds || 1)
    drain(desk)
  end

  describe "a busy ticket" do
    let!(:busy) { ticket(site) }
    let(:texts) { Array.new(40) { |n| "Reply #{n}" } }

    before { turns(desk) }

    it "gets all, in order, within what it allows, and keeps no other waiting" do
      texts.each { |text| reply(busy, text) }
      others = Array.new(3) { |n| ticket(site, subject: "Other #{n}") }
      others.each { |one| reply(one) }
      quickly { others.all? { |one| replied?(one) } }
      expect(seconds { turns(desk) }).to be_between(570, 720)
      expect([comments(busy), states, refused]).to eq([texts, ["succeeded"], 0])
    end

    def replied?(ticket) = desk.links.exists?(parent_type: "support_ticket", parent_id: ticket.id.to_s)

    it "takes a burst of thirty, and counts its changes with its replies" do
      texts.first(29).each { |text| reply(busy, text) }
      busy.update!(subject: "Still broken")
      quickly { comments(busy).size == 29 && states == ["succeeded"] }
      reply(busy, "one more")
      drain(desk)
      expect(deliveries.last).to have_attributes(state: "pending", attempts: 0)
      expect(PwbCrm::Delivery.seconds_to_next(desk.id)).to be_between(500, 602)
      expect(refused).to eq(0)
    end

    it "is not charged for what needed no request" do
      PwbCrm.track(busy)
      expect { drain(desk) }.not_to(change { logged("ticket") })
      expect(states).to eq(%w[succeeded skipped])
      reply(busy)
      expect { drain(desk) }.to change { logged("ticket") }.by(1)
    end

    it "is noted for when a slow request has come to its end" do
      zendesk.fail_next(1, status: 500, only: ->(_) { sleep(0.7).zero? })
      reply(busy)
      began = PwbCrm::Sql.present
      drain(desk)
      expect(logs("ticket").flatten.sole - began).to be >= 0.7
    end

    it "waits for no longer than its period after the database's clock was set back" do
      bucket = PwbCrm::Drain::Targets.bucket("ticket", link(busy).external_id)
      PwbCrm::Budget.log(desk.reload.budget_account, [bucket]) do |logs, now|
        logs[bucket] = Array.new(30) { |n| now + 3600 + n }
      end
      reply(busy)
      drain(desk)
      expect(PwbCrm::Delivery.seconds_to_next(desk.id)).to be_between(500, 602)
      pass(602)
      drain(desk)
      expect([states, refused]).to eq([["succeeded"], 0])
    end

    it "loses no answer when what was not used cannot be given back" do
      PwbCrm.track(busy)
      # One takes, the other gives back.
      calls = 0
      allow(PwbCrm::Budget).to receive(:log).and_wrap_original do |original, *given, &block|
        raise ActiveRecord::Deadlocked if (calls += 1) == 2

        original.call(*given, &block)
      end
      allow(PwbCrm::Report).to receive(:call)
      expect { drain(desk) }.to change { logged("ticket") }.by(1)
      expect(states).to eq(%w[succeeded skipped])
      expect(PwbCrm::Report).to have_received(:call)
        .with(instance_of(ActiveRecord::Deadlocked), doing: /noting .*limits/)
    end

    def logs(name) = PwbCrm::Budget.where("bucket LIKE ?", "#{name} %").pluck(:uses).compact

    def logged(name) = logs(name).sum(&:size)
  end

  describe "one sender's enquiries" do
    def enquire(count)
      Array.new(count) { |n| message(site, title: "T#{n}", sender_name: "Ana", sender_email: "ana@example.com") }
    end

    it "are spaced as the user's writes have to be, and delay nobody else's" do
      enquire(12)
      other = message(site, title: "Other", sender_name: "Bo", sender_email: "bo@example.com")
      mine = deliveries.where(record_id: other.id.to_s)
      quickly { mine.where(state: "succeeded").exists? }
      expect(seconds { turns(desk) }).to be_between(115, 140)
      expect([states, refused]).to eq([["succeeded"], 0])
    end

    it "tell who reads the database nothing of the sender" do
      enquire(1)
      drain(desk)
      expect(PwbCrm::Budget.pluck(:bucket)).to include(match(/\Auser \h{32}\z/))
    end

    it "are counted with what the sender's contact takes" do
      contact(site)
      enquire(6)
      turns(desk)
      expect([states, refused]).to eq([["succeeded"], 0])
    end
  end

  it "is shared by the integrations of one account, and taken along to it" do
    both = [desk, integration(website, "zendesk", config: { subdomain: "ACME", access_token: "zendesk-token" })]
    both.each do |one|
      3.times { |n| message(one.website, title: "T#{n}", sender_name: "Ana", sender_email: "ana@example.com") }
    end
    26.times { |n| pass(1.1) && drain(both[n % 2]) }
    sent = PwbCrm::Delivery.where(integration: both, state: "succeeded")
    expect([sent.count, refused]).to eq([5, 0])
    pass(60)
    both.each { |one| drain(one) }
    expect([sent.count, refused]).to eq([6, 0])
  end
end
