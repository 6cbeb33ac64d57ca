# frozen_string_literal: true

require_relative "remotes"

# A person with an enquiry that all three systems have.
RSpec.shared_context "with a person to erase" do
  include_context "with remotes"

  let(:enquiry) { enquire(title: "Viewing") }
  let(:person) { enquiry.contact }

  before do
    person
    drain_all
  end

  def outcomes(receipt)
    receipt.reload.entries.to_h { |one| [one.values_at("platform", "record_type").join(" "), one["outcome"]] }
  end

  # Whatever the fakes hold of a person, wherever.
  def held
    { zoho: zoho.records("Contacts") + zoho.records("Notes"), zendesk: zendesk.users + zendesk.tickets }
      .transform_values { |all| all.to_s.scan(/Ruiz|ana@example\.com/i).size }
  end

  def told = receiver.events.map { |event| event["type"] }

  def rows(kind, integration) = PwbCrm::Delivery.where(record_type: kind, integration:).order(:id)

  # What was asked to be deleted at Zendesk, in order.
  def deleted = zendesk.requests.select { |one| one.method == "DELETE" }.map { |one| one.path[%r{/v2/(\w+)/}, 1] }
end
