# frozen_string_literal: true

require "rails_helper"

RSpec.describe "An inbound event that ends its worker" do
  include_context "with a Zendesk user"
  include_context "with an error reporter"

  let(:people) { Array.new(4) { |i| contact(site).tap { |one| link(one, id: (50 + i).to_s) } } }
  let(:calls) { Hash.new(0) }
  let(:fault) { [] }

  # The first in order is the culprit.
  before do
    configure(inbound_handlers: { contact: lambda do |_record, change|
      calls[change.fields["phone"]] += 1
      raise fault.first if change.fields["phone"] == "0"
    end })
    people.each_index { |i| user_event(i.to_s, at: i, id: (50 + i).to_s) }
  end

  def killed
    apply
  rescue SignalException
    nil
  end

  # The lease of what was claimed is over, and what waits is due.
  def later
    PwbCrm::InboundEvent.where(state: "applying").update_all(claimed_at: 1.hour.ago, begun_at: 1.hour.ago)
    PwbCrm::InboundEvent.where(state: "pending").update_all(run_at: 1.second.ago)
  end

  def rows = PwbCrm::InboundEvent.order(:id).pluck(:state, :error_code, :attempts)

  it "ends alone, whatever ends the worker: the others do not wait for it, nor count its attempts", :committed do
    fault << SignalException.new("TERM")
    killed
    expect(rows).to eq([["applying", nil, 1], *[["pending", nil, 0]] * 3])
    16.times { later && killed }
    expect(rows).to eq([["failed", "worker_died", 8], *[["applied", nil, 1]] * 3])
    expect(calls).to eq("0" => 8, "1" => 1, "2" => 1, "3" => 1)
  end

  it "is not there when its worker cannot even put the others back: they go first then", :committed do
    events = PwbCrm::InboundEvent.claim(desk.id, limit: 50)
    events.first.begin_attempt
    later
    PwbCrm::InboundEvent.where.not(id: events.first.id).update_all(begun_at: nil)
    PwbCrm::InboundEvent.recover(desk.id)
    expect(rows).to eq([["pending", nil, 1], *[["pending", nil, 0]] * 3])
    expect(PwbCrm::InboundEvent.claim(desk.id, limit: 50).map(&:id)).to eq(events.rotate.map(&:id))
  end

  it "waits longer each time it has ended one" do
    event = PwbCrm::InboundEvent.first
    waits = [1, 2, 4, 7].map do |attempts|
      event.update!(state: "applying", attempts:, claimed_at: 1.hour.ago, begun_at: 1.hour.ago)
      PwbCrm::InboundEvent.recover(desk.id)
      (event.reload.run_at - Time.current).round
    end
    expect(waits).to match([be_within(5).of(0), be_within(5).of(10), be_within(5).of(60), be_within(5).of(210)])
  end

  it "is the handler's failure where code cannot be loaded, is not written or never ends", :committed do
    [LoadError.new("no such file"), NotImplementedError.new("later"), SystemStackError.new("too deep")].each do |one|
      fault.replace([one])
      apply
      expect(rows).to match([["pending", "handler_failed", be_positive], *[["applied", nil, 1]] * 3])
      later
    end
    expect(reported.errors).to include(*fault)
  end

  it "can be begun by one of two workers who believe to have it, and its end is written by none who has lost it" do
    first = PwbCrm::InboundEvent.claim(desk.id, limit: 1).sole
    later
    PwbCrm::InboundEvent.where(id: first.id).update_all(begun_at: nil)
    PwbCrm::InboundEvent.recover(desk.id)
    second = PwbCrm::InboundEvent.claim(desk.id, limit: 50).find { |one| one.id == first.id }
    expect([second.begin_attempt, first.begin_attempt]).to eq([true, false])
    first.put_back
    expect([first.hold, second.hold]).to eq([false, true])
  end
end
