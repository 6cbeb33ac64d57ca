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

  it "is what the error's kind says, where the code is in no catalogue or means something else there" do
    { ["Errno::ECONNRESET", :connection] => PwbCrm::ConnectionError, ["NEWS", :validation] => PwbCrm::ValidationError,
      ["LIMIT_EXCEEDED", :rate_limit] => PwbCrm::RateLimitError }.each do |(code, kind), type|
      record = contact(site)
      ScriptedProvider.script = ->(work) { ScriptedProvider.failed(work, kind, code:) }
      all_due
      drain(crm)
      delivery = PwbCrm::Delivery.find_by!(record_id: record.id.to_s)
      expect(delivery).to have_attributes(error_code: code, error_kind: kind.to_s, cure: type.new("no", code:).cure)
    end
  end

  it "is that of the last attempt" do
    contact(site)
    ScriptedProvider.script = ->(work) { ScriptedProvider.failed(work, :validation, code: "NEWS") }
    drain(crm)
    dead.replay!
    expect(PwbCrm::Delivery.sole).to have_attributes(error_kind: nil, cure: nil)
  end

  it "is nothing for a delivery without an error" do
    contact(site)
    ScriptedProvider.script = ->(work) { ScriptedProvider.succeeded(work) }
    drain(crm)
    expect(PwbCrm::Delivery.sole.cure).to be_nil
  end
end
