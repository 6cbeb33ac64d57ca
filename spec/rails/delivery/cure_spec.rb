# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what a dead letter says to do" do
  let(:site) { website }
  let!(:crm) { integration(site, "zoho_crm", config: { access_token: "t", api_domain: "https://www.zohoapis.com" }) }
  let(:dead) { PwbCrm::Delivery.dead.sole }

  around do |example|
    platforms = PwbCrm::Providers.instance_variable_get(:@classes)
    PwbCrm::Providers.register("zoho_crm", "ScriptedProvider")
    example.run
  ensure
    PwbCrm::Providers.instance_variable_set(:@classes, platforms)
    I18n.reload!
  end

  def fails(message, **)
    contact(site)
    ScriptedProvider.script = ->(work) { ScriptedProvider.failed(work, :validation, message:, **) }
    drain(crm)
  end

  it "is what the catalogue has of the remote's code, once" do
    fails("it went wrong", code: "RECORD_IN_BLUEPRINT")
    cure = "A blueprint in Zoho holds the record: finish its transition there."
    expect(dead.error_message).to match(/it went wrong\. #{Regexp.escape(cure)} To send it again/)
    expect(dead.cure).to eq(cure)
  end

  it "is not said twice where the client has said it" do
    fails("Zoho CRM answered NOT_REVIEWED; approve the record in Zoho", code: "NOT_REVIEWED")
    expect(dead.error_message).to match(/approve the record in Zoho\. To send it again/)
  end

  it "is said in the host's words" do
    I18n.backend.eager_load!
    I18n.backend.store_translations(:en, pwb_crm: { errors: { zoho_crm: { NOT_REVIEWED: { cure: "Bitte prüfen." } } } })
    fails("it went wrong", code: "NOT_REVIEWED")
    expect(dead.error_message).to include("Bitte prüfen.")
    expect(dead.cure).to eq("Bitte prüfen.")
  end

  it "is nothing for a delivery without an error" do
    contact(site)
    ScriptedProvider.script = ->(work) { ScriptedProvider.succeeded(work) }
    drain(crm)
    expect(PwbCrm::Delivery.sole.cure).to be_nil
  end
end
