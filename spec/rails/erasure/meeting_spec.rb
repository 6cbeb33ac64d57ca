# frozen_string_literal: true

require "rails_helper"

# Erasures that meet each other, or what else the engine writes about the same records.
RSpec.describe "an erasure that meets others", :committed, :postgresql do
  include_context "with a person to erase"

  def beside(&) = Thread.new { Rails.application.executor.wrap(&) }.tap { |thread| thread.report_on_exception = false }

  # What pg_stat_activity tells stands still within a transaction.
  def waiting_for_a_lock?
    sql = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
    ActiveRecord::Base.uncached { ActiveRecord::Base.lease_connection.select_value(sql) }.positive?
  end

  # Runs the block, which will have to wait for what this transaction holds, and ends the transaction by then.
  #
  # @return what the block answered
  def held_up(hold, &)
    other = nil
    PwbCrm::ApplicationRecord.transaction do
      hold.call
      other = beside(&)
      wait_until(within: 20) { waiting_for_a_lock? || !other.alive? }
      yield_held
    end
    other.value
  end

  def yield_held = @then_hold&.call

  def links(integration)
    integration.links.sort_by { |link| [link.record_type, link.record_id] }
  end

  def lock(link) = PwbCrm::Link.where(id: link.id).update_all(updated_at: Time.current)

  # Holds the links in order, the last of them once the block waits for one.
  def beside_one_in_order(links, &)
    first, *rest = links
    @then_hold = -> { rest.each { |link| lock(link) } }
    held_up(-> { lock(first) }, &)
  end

  it "answers all that were asked for at the same time" do
    first = nil
    second = held_up(-> { first = PwbCrm.erase(person) }) { PwbCrm.erase(person) }
    drain_all
    expect([first, second].map { |receipt| receipt.reload.state }).to eq(%w[complete complete])
  end

  it "answers them, too, where nobody had written down yet where the record is" do
    PwbCrm::Link.delete_all
    first = nil
    second = held_up(-> { first = PwbCrm.erase(person) }) { PwbCrm.erase(person) }
    drain_all
    expect([first, second].map { |receipt| receipt.reload.state }).to eq(%w[complete complete])
  end

  it "waits for the first delivery of a record that is just written down, and knows where it went" do
    fresh = contact(site, primary_email: "new@example.com")
    erasing = nil
    stop = StopAt.new(/INSERT INTO .*sync_logs/) do
      erasing = beside { PwbCrm.erase(fresh) }
      wait_until(within: 20) { waiting_for_a_lock? || !erasing.alive? }
    end
    all_due
    stop.run { drain(crm) }
    receipt = erasing.value
    expect(receipt.entries.find { |one| one["platform"] == "zoho_crm" })
      .to include("external_type" => "Contacts", "external_id" => be_present)
    drain_all
    expect([receipt.reload.state, zoho.records("Contacts").to_s]).to match(["complete", /\A(?!.*new@example)/])
  end

  it "never deadlocks with what takes several links in their order" do
    beside_one_in_order(links(desk)) { PwbCrm.erase(person) }
    drain_all
    expect(PwbCrm::Receipt.sole.state).to eq("complete")
  end

  describe "and the order in which others take several links" do
    before do
      numbers = %w[30 10 20]
      numbers.each do |id|
        desk.links.create!(record_type: "thing", record_id: id, external_type: "user", external_id: "77")
      end
    end

    let(:things) { links(desk).select { |link| link.record_type == "thing" } }

    def keep(learned, **)
      PwbCrm::ApplicationRecord.transaction { PwbCrm::Link.keep(learned, **) }
    end

    def learned = things.reverse.map { |link| PwbCrm::Link.find(link.id) }

    it "is that of records, where a settlement has learned the same of all" do
      told = learned.each { |link| link.shadow = { "a" => "b" } }
      beside_one_in_order(things) { keep(told) }
      expect(things.map { |link| link.reload.shadow }).to eq([{ "a" => "b" }] * 3)
    end

    it "is that of records, where it has learned different things, or forgets some" do
      told = learned.take(2).each_with_index { |link, at| link[%i[shadow remote_version][at]] = { "a" => at }.to_json }
      gone = learned.last
      beside_one_in_order(things) { keep(told, gone: [gone]) }
      expect(desk.links.where(record_type: "thing").order(:record_id).pluck(:record_id)).to eq(%w[20 30])
    end

    it "is that of records, where somebody tells of all of them" do
      change = Struct.new(:external_type, :external_id, :mark).new("user", "77", nil)
      allow(PwbCrm::Kinds).to receive_messages(all: %w[thing], class_of: nil)
      targets = PwbCrm::Inbound::Targets.new(desk, change)
      expect(targets.send(:links).map(&:record_id)).to eq(%w[10 20 30])
    end
  end
end
