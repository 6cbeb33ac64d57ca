# frozen_string_literal: true

require "rails_helper"

# The optimistic lock is for what people edit; what the engine writes meanwhile must neither fail by
# it nor refuse an open form.
RSpec.describe "an integration open in a form" do
  let(:crm) { integration(website) }
  let!(:form) { PwbCrm::Integration.find(crm.id) }

  it "can be saved although deliveries went on" do
    lease = PwbCrm::Lease.acquire(crm.id)
    lease.renew(60)
    lease.fence
    lease.release
    form.update!(name: "Ours")
    expect(crm.reload.name).to eq("Ours")
  end

  it "is refused what somebody else has saved meanwhile" do
    crm.update!(name: "Theirs")
    expect { form.update!(name: "Ours") }.to raise_error(ActiveRecord::StaleObjectError)
  end

  it "does not keep anybody from pausing it" do
    crm.update!(name: "Theirs")
    form.pause!("On holiday.")
    expect(form.status).to eq(:paused)
    expect(crm.reload.status).to eq(:paused)
  end

  it "is not refused because the engine has stopped it" do
    crm.reconnect!(PwbCrm::AuthenticationError.new("The token is dead."))
    form.update!(name: "Ours")
    expect(crm.reload).to have_attributes(name: "Ours", status: :reconnect)
  end

  it "takes its first tokens on an update, too" do
    bare = integration(website, "zoho_crm", config: { api_domain: "https://www.zohoapis.com" })
    bare.update!(config: bare.config.merge("access_token" => "first"))
    expect(bare.reload.config).to include("access_token" => "first")
    expect(bare.status).to eq(:ready)
  end
end
