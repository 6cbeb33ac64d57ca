# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"

# An address that takes none of our requests says nothing about the records.
RSpec.describe "An address that takes no JSON" do
  include_context "with remotes"

  let(:count) { 12 }

  def refuse_all(fake, **answer)
    fake.fail_next(500, **answer)
    count.times { contact(site) }
    3.times do
      drain_all
      PwbCrm::SyncLog.delete_all
    end
  end

  def expect_to_wait(integration)
    waiting = integration.deliveries.waiting.pluck(:attempts)
    expect(waiting).to have_attributes(size: count).and all(be <= 1)
    expect(integration.reload).to have_attributes(status: :paused, state_code: "outage", outages: 3)
  end

  it "costs no record at Zoho, whose refusal comes as a page" do
    refuse_all(zoho, status: 415, garbage: :html)
    expect_to_wait(crm)
    expect(crm.last_error).to match(/answered 415 with an HTML page.*takes no JSON there: check the account's address/)
  end

  it "is known by refusals of one at a time, too, however short logs are kept" do
    zoho.fail_next(500, status: 415, garbage: :html)
    (count - 1).times do
      contact(site)
      PwbCrm::SyncLog.delete_all
      drain_all
    end
    expect(crm.deliveries.group(:state).count).to eq("failed" => 9, "pending" => count - 10)
    expect(crm.reload).to have_attributes(state_code: "outage", refusals_in_row: 10, refusal_code: "configuration")
    zoho.reset!
    2.times { drain_all }
    expect(crm.reload).to have_attributes(status: :ready, refusals_in_row: 0, refusal_code: nil)
  end

  it "costs no record of a receiver that takes no POST there" do
    refuse_all(receiver, status: 405)
    expect_to_wait(hook)
    expect(hook.last_error).to match(/answered 405: it takes no such POST at this address; check the webhook URL/)
  end
end
