# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The order in which what came in is applied" do
  include_context "with a Zendesk user"

  it "hands over what happened, in the order in which it happened, and forgets what it held" do
    link
    user_event("2", at: 2)
    user_event("1", at: 1)
    apply
    expect(taken).to eq([[person.id, "1"], [person.id, "2"]])
    expect(endings).to eq([["applied", nil]] * 2)
    expect(PwbCrm::InboundEvent.pluck(:payload, :attempts)).to eq([[nil, 1]] * 2)
  end

  it "ends in the newest state, whatever the order in which events come, and however often" do
    known = link
    [0, 1, 2, 3].permutation.each do |order|
      known.update!(inbound_at: nil, inbound_sequence: nil)
      [*order, order.first].each { |at| user_event(at.to_s, at:) && apply }
      expect(phone).to eq("3")
    end
    expect(endings.uniq).to contain_exactly(["applied", nil], %w[ignored stale])
  end

  it "goes by the remote's own order within one moment, as numbers, and takes equals as they come" do
    link
    [10, 9, 11].each { |position| user_event(position.to_s, position:) && apply }
    expect(phone).to eq("11")
    user_event("again", position: 11) && apply
    expect(phone).to eq("again")
  end

  it "takes over what adds something, however late" do
    configure(inbound_handlers: { support_ticket: ->(record, change) { taken << [record.id, change.told["comment"]] } })
    opened = ticket(site)
    PwbCrm::Link.create!(integration: desk, record_type: "support_ticket", record_id: opened.id,
                         external_type: "ticket", external_id: "900", inbound_at: Time.utc(2027))
    desk.inbound_events.create!(event_id: "1", event_type: "ticket.comment_added", external_type: "ticket",
                                external_id: "900", occurred_at: Time.utc(2026), run_at: 1.minute.ago,
                                payload: { "detail" => {}, "event" => { "comment" => "hello" } })
    apply
    expect(taken).to eq([[opened.id, "hello"]])
  end
end
