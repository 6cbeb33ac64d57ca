# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"

# Zendesk refuses a record with one code, and each of its fields with a code that says more.
RSpec.describe "What to do about a field that Zendesk refuses" do
  include_context "with remotes"

  def refused(*codes)
    details = codes.map { |code| { description: "Email: is refused", error: code } }
    body = { error: "RecordInvalid", description: "Record validation errors", details: { email: details } }
    record = contact(site)
    zendesk.fail_next(5, status: 422, body:)
    drain_all
    zendesk.reset!
    PwbCrm::Delivery.find_by!(integration: desk, record_id: record.id)
  end

  %w[BlankValue Invalid InvalidFormat InvalidValue ValueTooLong ValueTooShort ClosedTicket
     DuplicateValue].each do |code|
    it "is the cure of #{code}" do
      delivery = refused(code, code)
      cure = PwbCrm::Catalogue.find("zendesk", code).cure
      expect(delivery).to have_attributes(state: "failed", error_code: code, cure:)
      expect(delivery.error_message).to match(/\(RecordInvalid, email #{code}.*\): .*#{Regexp.escape(cure)}/)
      expect(PwbCrm.explain(Pwb::Contact.find(delivery.record_id), integration: desk).to_s).to include(cure)
    end
  end

  it "is to correct each that is named, where they differ or are not known" do
    [%w[BlankValue ValueTooLong], %w[NewsOfToday]].each do |codes|
      expect(refused(*codes)).to have_attributes(error_code: "RecordInvalid", cure: /\ACorrect the field that is named/)
    end
  end
end
