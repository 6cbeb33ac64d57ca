# frozen_string_literal: true

require "rails_helper"

RSpec.describe "an enquiry that is destroyed while nobody knows whether it arrived" do
  include_context "with remotes"

  it "is looked for under its person, and deleted" do
    crm.update!(settings: { deletes: "delete" })
    enquiry = message(site, contact: contact(site))
    zoho.fail_next(1, reset: :after, only: ->(request) { request.path.end_with?("/Notes") })
    drain_all
    expect(zoho.records("Notes").size).to eq(1)

    enquiry.destroy!
    drain_all
    expect(zoho.records("Notes")).to be_empty
    expect(crm.deliveries.where(record_type: "message").pluck(:action, :state)).to eq([%w[delete succeeded]])
  end
end
