# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Providers::Base do
  subject(:provider) { described_class.new(integration(website)) }

  let(:call) { PwbCrm::Outcome::Call.new(method: "GET", path: "/", status: 200) }

  it "limits nothing and costs nothing" do
    expect(provider.limits).to be_none
    expect([provider.cost({}), provider.charge(call), provider.readings(call)]).to all(eq({}))
    expect(provider.account_key({ "subdomain" => "acme" })).to be_nil
    expect(call).to have_attributes(records: nil, limits: nil)
  end

  it "tells by the links what a push would do" do
    works = [{ key: "1", link: { external_id: "9" } }, { key: "2", link: nil }, { key: "3" }]
    expect(provider.preview(works)).to eq("1" => :update, "2" => :create, "3" => :create)
  end

  it "believes nobody who comes in, and reads nothing" do
    expect(provider.verify_inbound("{}", "authorization" => "x")).to be(false)
    expect(provider.read_inbound("{}", {})).to eq([])
    expect(provider.interpret(PwbCrm::InboundEvent.new)).to be_nil
  end

  it "leaves nothing behind at the remote" do
    expect(provider.farewell).to eq({})
    expect([provider.revoke({}), provider.remove_hooks([{ "id" => "1" }], {}),
            provider.remove_hooks_to("/webhooks/x/1", {})]).to all(be_nil)
  end
end
