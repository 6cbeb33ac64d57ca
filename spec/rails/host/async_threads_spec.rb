# frozen_string_literal: true

require "rails_helper"

# As a small host runs it: Puma's threads save, the async adapter's threads deliver, in one process. On SQLite, which
# has one writer at a time, nobody may be locked out.
RSpec.describe "six threads that save while the async adapter delivers", :committed do
  include_context "with remotes"

  let(:threads) { 6 }
  let(:rounds) { 8 }
  let(:faults) { Queue.new }

  around do |example|
    job = PwbCrm::IntegrationSyncJob
    before = job.queue_adapter
    job.queue_adapter = adapter
    example.run
  ensure
    adapter.shutdown
    job.queue_adapter = before
  end

  before do
    configure(settle_time: 0.2)
    # On a busy machine a thread may wait for a second to enqueue. Wakes left out for that need a sweep; there is none.
    stub_const("PwbCrm::Wake::Breaker::SLOW", 60)
  end

  def adapter = @adapter ||= ActiveJob::QueueAdapters::AsyncAdapter.new(min_threads: 0, max_threads: 4)

  def saver(number)
    Thread.new do
      Rails.application.executor.wrap { rounds.times { |round| visit("#{number}-#{round}") } }
    rescue StandardError => e
      faults << e
    end
  end

  # An enquiry in the host's order, a change, and a visit that ends in nothing.
  def visit(name)
    enquiry = message(site, title: name)
    person = contact(site, first_name: name, primary_email: "#{name}@example.com")
    enquiry.update!(contact: person)
    person.update!(last_name: "Later")
    Pwb::Contact.transaction { contact(site, first_name: "nobody") && raise(ActiveRecord::Rollback) }
  end

  def names(module_name) = zoho.records(module_name).pluck("First_Name")

  it "lose nothing, double nothing and lock nobody out" do
    Array.new(threads) { |number| saver(number) }.each(&:join)
    wait_until_delivered(within: 120)

    expect(Array.new(faults.size) { faults.pop }).to eq([])
    expect(states.keys - %w[succeeded skipped superseded]).to eq([])
    expect(names("Contacts").sort).to eq(Pwb::Contact.order(:first_name).pluck(:first_name))
    expect(zoho.records("Contacts").pluck("Last_Name").uniq).to eq(["Later"])
    expect([zoho.records("Notes"), zendesk.tickets].map(&:size)).to eq([threads * rounds] * 2)
    expect(receiver.events.pluck("type").tally.fetch("message.created")).to eq(threads * rounds)
  end
end
