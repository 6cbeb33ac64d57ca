# frozen_string_literal: true

require "rails_helper"

RSpec.describe "a resync beside a transaction of the host", :committed, :postgresql do
  include_context "with remotes"

  it "waits for nobody: it stops before what is held, and notes it afterwards" do
    Pwb::Contact.insert_all(Array.new(6) { |n| { website_id: site.id, primary_email: "p#{n}@example.com" } })
    held = Pwb::Contact.order(:id).fourth
    run = PwbCrm.resync(crm, kinds: [:contact])
    during_open_save(held, last_name: "Dobson") do
      PwbCrm::IntegrationResyncJob.perform_now(run.id)
      expect(run.reload).to have_attributes(state: "running", noted: 3)
    end
    PwbCrm::IntegrationResyncJob.perform_now(run.id)
    expect(run.reload.noted).to eq(5)
    expect(PwbCrm::Delivery.where(integration: crm).pluck(:record_id).sort).to eq(Pwb::Contact.ids.map(&:to_s).sort)
  end
end
