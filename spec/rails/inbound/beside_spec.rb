# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"

RSpec.describe "What comes in while other workers are at the record", :committed, :postgresql do
  include_context "with a Zendesk user"
  include_context "with remotes"

  def beside(&) = Thread.new { Rails.application.executor.wrap(&) }

  it "keeps no delivery waiting for the host's handler" do
    desk
    contact(site)
    drain_all
    begun = delivered = nil
    configure(inbound_handlers: { contact: lambda do |*|
      begun = true
      wait_until(within: 20) { delivered }
    end })
    link = PwbCrm::Link.find_by!(integration: desk, record_type: "contact")
    user_event("1", id: link.external_id)
    handling = beside { apply }
    wait_until { begun }
    Pwb::Contact.find(link.record_id).update!(last_name: "Other")
    all_due
    drain(desk)
    delivered = true
    handling.value
    expect([desk.deliveries.distinct.pluck(:state), endings]).to eq([%w[succeeded], [["applied", nil]]])
  end

  it "takes back what something newer overtook" do
    link
    newer = lambda do
      newer = nil
      beside { user_event("2", at: 1) && apply }.value
    end
    configure(inbound_handlers: { contact: lambda do |record, change|
      taken << change.fields["phone"]
      newer&.call
      record.update!(primary_phone_number: change.fields["phone"])
    end })
    user_event("1")
    apply
    expect([taken, phone, endings]).to eq([%w[1 2], "2", [%w[ignored stale], ["applied", nil]]])
  end
end
