# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The order in which what single fields of a Zendesk ticket hold comes in" do
  let(:site) { website }
  let(:begun) { Time.now.floor - 60 }
  let!(:desk) do
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end
  let(:told) { [] }

  before do
    PwbCrm::Link.create!(integration: desk, record_type: "support_ticket", record_id: ticket(site).id,
                         external_type: "ticket", external_id: "900")
    configure(inbound_handlers: { support_ticket: lambda do |_record, change|
      told << [change.fields["status"], change.told&.dig("current") || change.fields["note"]]
    end })
  end

  def endings = PwbCrm::InboundEvent.order(:id).map { |event| event.error_code || event.state }

  def send_it(body)
    tell(desk, body, from_zendesk(body))
    PwbCrm::IntegrationInboundJob.perform_now(desk.id)
  end

  def custom_field(id, value, at:)
    body = JSON.parse(ticket_event(id: "#{id}-#{at}", type: "ticket.custom_field_changed",
                                   time: (begun + at).utc.iso8601(6), status: "AT #{at}"))
    send_it(body.merge("event" => { "field" => { "id" => id }, "current" => value }).to_json)
  end

  def status(at) = send_it(ticket_event(id: "s#{at}", time: (begun + at).utc.iso8601(6), status: "AT #{at}"))

  it "loses no custom field, of which no other event tells, and no state either" do
    custom_field("2", "B", at: 2)
    status(3)
    custom_field("1", "A", at: 1)
    custom_field("2", "C", at: 1)
    status(2)
    expect(told).to eq([["AT 2", "B"], ["AT 3", "SOLVED"], [nil, "A"]])
    expect(endings.last(2)).to eq(%w[stale stale])
  end

  it "takes from what triggers send each name by itself" do
    [[1, { status: "open" }], [0, { status: "new", note: "n" }]].each do |at, words|
      tell(desk, body = { ticket_id: "900", **words }.to_json, from_zendesk(body, at: (begun + at).utc.iso8601))
      PwbCrm::IntegrationInboundJob.perform_now(desk.id)
    end
    expect(told).to eq([["open", nil], [nil, "n"]])
  end
end
