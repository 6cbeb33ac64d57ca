# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# Six a minute come in at an account that is theirs by their own word only: of those that send something.
RSpec.describe PwbCrm::Drain::Door do
  include_context "with paced remotes"

  let(:account) { desk.claimed_account("acme") }

  def places = PwbCrm::Budget.find_by(account:, bucket: "newcomers")&.uses.to_a.size

  # Seconds for which something was taken there.
  def taken
    limits = PwbCrm::Budget.where(account:).where.not(bucket: "newcomers")
    limits.pluck(:tat).map { |tat| (tat - PwbCrm::Sql.present).clamp(0, nil) }
  end

  # Noted, and left out when their turn comes.
  def left_out(count)
    count.times { |n| contact(site, primary_email: "test#{n}@example.com") }
    configure(skip_record: ->(record) { record.primary_email.start_with?("test") })
  end

  def enquire = message(site, sender_name: "Ana", sender_email: "ana@example.com")

  def fill(places, at: 0)
    PwbCrm::Budget.log(account, ["newcomers"]) { |logs, now| logs["newcomers"] = Array.new(places) { now + at } }
  end

  def states = desk.deliveries.order(:id).pluck(:state).tally

  it "is passed at once by what comes after many that are left out" do
    left_out(20)
    contact(site, primary_email: "real@example.com")
    drain(desk)
    expect([states, places, refused]).to eq([{ "skipped" => 20, "succeeded" => 1 }, 1, 0])
  end

  it "takes nothing for what is left out" do
    left_out(6)
    drain(desk)
    expect([states, zendesk.requests.size, places]).to eq([{ "skipped" => 6 }, 0, 0])
    expect(taken).to all(eq(0)).and be_present
  end

  it "takes nothing for what a client leaves out without a request" do
    message(site)
    drain(desk)
    expect([states, zendesk.requests.size, places]).to eq([{ "skipped" => 1 }, 0, 0])
    expect(taken).to all(eq(0)).and be_present
  end

  it "is passed once by what costs more than its lane" do
    fill(5)
    enquire
    drain(desk)
    expect([states, places, refused]).to eq([{ "succeeded" => 1 }, 6, 0])
  end

  it "gives back what was taken for one that cannot have all" do
    PwbCrm::Budget.block(account, 60, bucket: "user_writes")
    enquire
    drain(desk)
    expect([states, zendesk.requests.size, places]).to eq([{ "pending" => 1 }, 0, 0])
    expect(taken).to all(eq(0)).and be_present
  end

  it "keeps what was taken where sending was broken off" do
    contact(site)
    allow(PwbCrm::Drain::Push).to receive(:new).and_wrap_original do |original, *args|
      original.call(*args).tap { |push| allow(push).to receive(:call).and_raise("broken") }
    end
    expect { drain(desk) }.to raise_error("broken")
    expect([places, taken]).to match([1, include(be_positive)])
  end

  it "credits the integration once for what the account at the door has paid" do
    left_out(3)
    contact(site, primary_email: "real@example.com")
    credited = []
    allow(PwbCrm::Budget).to receive(:correct).and_wrap_original do |original, of, asks|
      credited.concat(asks.map { |ask| [ask.bucket, ask.weight.to_f] }) if of == "integration #{desk.id}"
      original.call(of, asks)
    end
    drain(desk)
    expect(credited.tally).to eq(["requests", -1.0] => 4, ["user_writes", -1.0] => 4)
  end

  it "keeps nobody waiting for longer than a minute after the database's clock was set back" do
    fill(6, at: 3600)
    contact(site)
    drain(desk)
    expect(PwbCrm::Delivery.seconds_to_next(desk.id).to_f).to be < 70
    pass(62)
    drain(desk)
    expect(states).to eq("succeeded" => 1)
  end
end
