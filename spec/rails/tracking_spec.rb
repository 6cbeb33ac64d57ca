# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Outbox::Tracking do
  let(:site) { website }
  let!(:crm) { integration(site) }

  it "notes one record, several, or a relation" do
    Pwb::Contact.insert_all(Array.new(3) { |number| { website_id: site.id, first_name: "N#{number}" } })
    expect(PwbCrm::Delivery.count).to eq(0)
    expect(PwbCrm.track(Pwb::Contact.first)).to eq(1)
    expect(PwbCrm.track(Pwb::Contact.last(2))).to eq(2)
    expect(PwbCrm.track(Pwb::Contact.where(website_id: site.id))).to eq(3)
    expect(PwbCrm::Delivery.pluck(:action, :state).uniq).to eq([%w[update pending]])
    expect(PwbCrm::Delivery.count).to eq(3)
  end

  it "wakes the integrations" do
    record = contact(site)
    expect { PwbCrm.track(record) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
  end

  it "leaves out what saves leave out, and refuses other classes" do
    configure(skip_record: ->(_) { true })
    expect(PwbCrm.track([contact(site), contact(nil)])).to eq(0)
    expect { PwbCrm.track(site) }.to raise_error(PwbCrm::ConfigurationError, /none of Pwb::Contact/)
  end
end
