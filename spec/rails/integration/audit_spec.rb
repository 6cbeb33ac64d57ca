# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the audit of a disconnected integration" do
  include_context "with remotes"

  def part(integration, **) = integration.disconnect!(**).then { remove(integration) }

  def remove(integration) = PwbCrm::IntegrationRemovalJob.perform_now(integration.id)

  def row(integration) = PwbCrm::Integration.find_by(id: integration.id)

  before do
    contact(site)
    drain_all
  end

  it "is kept as long as the setting says, without anything else" do
    part(hook, audit: :keep)
    kept = [PwbCrm::Delivery, PwbCrm::Link, PwbCrm::SyncLog].map { |model| model.where(integration: hook).count }
    expect(kept).to eq([0, 0, 1])
    expect(row(hook)).to have_attributes(config: {}, tokens: {}, webhook_url: nil, farewell: nil, audit: "keep")
    expect { remove(hook) }.not_to have_enqueued_job

    configure(keep_audit: 3600)
    pass(3601)
    remove(hook)
    expect(row(hook)).to be_nil
    expect(PwbCrm::SyncLog.where(integration_id: hook.id)).to be_empty
  end

  it "goes with the rest by default, and is nothing else" do
    part(hook)
    expect(PwbCrm::SyncLog.where(integration_id: hook.id)).to be_empty
    expect { crm.disconnect!(audit: :burn) }.to raise_error(PwbCrm::ConfigurationError, /:delete, :keep/)
    expect(crm.reload.disconnected_at).to be_nil
  end
end
