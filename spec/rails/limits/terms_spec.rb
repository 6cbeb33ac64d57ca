# frozen_string_literal: true

require "rails_helper"

# A remote with a limit of its own, whose provider may say the wrong thing of it.
class TermsProvider < ScriptedProvider
  class << self
    # What it says, by method; a callable is called.
    attr_accessor :says
  end

  LIMITS = PwbCrm::Providers::Limits.new(
    [PwbCrm::Providers::Limits::Limit.new(bucket: "calls", count: 60, period: 60)], credits: 1000
  )

  %i[limits lanes cost charge readings gap account_key].each do |name|
    define_method(name) do |*given|
      said = self.class.says.fetch(name) { return super(*given) }
      said.respond_to?(:call) ? said.call(*given) : said
    end
  end
end

PwbCrm::Providers.register("terms", "TermsProvider")

RSpec.describe PwbCrm::Drain::Terms do
  let(:remote) { TermsProvider }
  let(:site) { website }
  let!(:crm) { integration(site, "terms") }
  let(:faults) { [] }

  before do
    remote.reset
    remote.says = { limits: TermsProvider::LIMITS, lanes: [[PwbCrm::Kinds.all, { "calls" => 1 }]],
                    cost: { "calls" => 1 }, charge: { "calls" => 1 } }
    configure(keep_to_limits: true)
    allow(Rails.error).to receive(:report) { |error, **| faults << error.message }
    3.times { |n| contact(site, primary_email: "#{n}@example.com") }
  end

  def says(**said) = remote.says = remote.says.merge(said)

  def states = crm.deliveries.order(:id).pluck(:state, :attempts, :doubt).uniq

  def raising(text) = ->(*) { raise text }

  it "loses and doubles nothing where what it says after a push raises, and tells about it once" do
    says(charge: raising("no charge"), readings: raising("no readings"))
    2.times { drain(crm) }
    expect(states).to eq([["succeeded", 1, false]])
    expect(remote.keys.uniq.size).to eq(remote.keys.size).and eq(3)
    expect(crm.links.count).to eq(3)
    expect(faults).to eq(["no charge", "no readings"])
  end

  it "tells once a turn what raises, whoever asks for it" do
    says(limits: raising("no limits"), account_key: raising("no account"))
    3.times do |turn|
      contact(site)
      drain(crm)
      # The account's is what identify says, too.
      expect(faults.tally).to eq({ "no limits" => turn + 1, "no account" => 2 * (turn + 1) })
    end
  end

  it "gives back nothing that may have been used" do
    says(charge: raising("no charge"))
    drain(crm)
    expect(PwbCrm::Budget.find_by(bucket: "calls").tat - PwbCrm::Sql.present).to be_between(1, 3.3)
  end

  it "strands nothing where what it says before a push raises" do
    says(cost: raising("no cost"), gap: raising("no gap"), lanes: raising("no lanes"))
    drain(crm)
    expect(states).to eq([["succeeded", 1, false]])
    expect(faults).to contain_exactly("no cost", "no gap", "no lanes")
  end

  it "takes no answer that cannot be counted with" do
    says(cost: { "calls" => "many" }, charge: nil, readings: { "calls" => 3 }, gap: "long")
    drain(crm)
    expect(states).to eq([["succeeded", 1, false]])
    expect(faults.size).to eq(4)
  end

  it "delivers what is due though it cannot say whose account it is, and asks another time" do
    22.times { |n| contact(site, primary_email: "more-#{n}@example.com") }
    configure(keep_to_limits: false)
    says(account_key: raising("no account"))
    drain(crm)
    expect(states).to eq([["succeeded", 1, false]])
    expect(faults).to eq(["no account"])
    contact(site, primary_email: "another@example.com")
    says(account_key: "acme")
    drain(crm)
    expect(crm.reload.account_digest).to be_present
  end

  it "has no account where what it says is none" do
    says(account_key: " ")
    drain(crm)
    expect(crm.reload.account_digest).to be_nil
  end

  [->(*) { raise "no limits" }, "many"].each do |said|
    it "delivers where its limits are #{said.is_a?(String) ? "none" : "a fault"}, and says how it is" do
      says(limits: said)
      drain(crm)
      expect(states).to eq([["succeeded", 1, false]])
      expect(crm.reload.health).to have_attributes(state: :healthy, budget: {}, warnings: [])
      expect(PwbCrm::Conveyor.send(:next_due, crm.id)).to be_nil
      expect(faults).to all(match(/limits/i)).and be_present
    end
  end

  it "keeps to none where they are lost within a turn" do
    says(limits: ->(seen = nil) { seen.nil? || seen.empty? ? TermsProvider::LIMITS : raise("no limits") })
    PwbCrm::Budget.learn(crm.budget_account, { "calls" => { limit: 50, remaining: 50 } })
    drain(crm)
    expect(states).to eq([["succeeded", 1, false]])
    expect(faults.uniq).to eq(["no limits"])
  end

  it "counts a call that no delivery is said to share" do
    remote.script = ->(work) { remote.succeeded(work, calls: [{ **remote.call, records: 0 }]) }
    drain(crm)
    expect(states).to eq([["succeeded", 1, false]])
    expect(faults).to eq([])
  end

  it "sends kinds that are in none of its lanes, too, and polls for none" do
    says(lanes: [[%w[message unheard_of], { "calls" => 1 }]], cost: {}, charge: {})
    message(site)
    expect(statements_of { drain(crm) }.size).to be <= 60
    expect(crm.deliveries.distinct.pluck(:state)).to eq(["succeeded"])
  end
end
