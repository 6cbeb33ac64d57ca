# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"
require_relative "../support/taught"

# In doubt, and under a new mapping, all fields are sent, be they what the remote is known to hold: what comes in
# meanwhile may be older than that.
RSpec.describe "What comes in while known fields are sent once more" do
  include_context "with remotes"
  include_context "with a host that takes over"

  let!(:person) { contact(site, primary_phone_number: "1") }

  before do
    crm.update!(config: crm.config.merge("hook_token" => "t" * 16))
    drain_all
    age
    configure(inbound_handlers: { contact: lambda do |record, change|
      phone = change.fields["Phone"]
      record.update!(primary_phone_number: phone) if phone
    end })
  end

  # Zoho's people write 2, we write 1 over it, and what they wrote is told before our outcome is written down.
  def deliver_meanwhile
    told = -> { deliver_crm_webhook(:zoho, person, Phone: "2") && PwbCrm::Inbound.drain }
    allow_any_instance_of(PwbCrm::Drain::Push).to receive(:call).and_wrap_original do |push, *args, **options| # rubocop:disable RSpec/AnyInstance -- the drain makes its own
      push.call(*args, **options).tap { told&.call && (told = nil) }
    end
    2.times { drain_all }
  end

  def both = [person.reload.primary_phone_number, zoho.records("Contacts").sole["Phone"]]

  def row = crm.deliveries.of_record("contact", person.id)

  it "comes to the same in doubt" do
    person.update!(first_name: "Eva")
    row.where(state: "pending").update_all(doubt: true)
    deliver_meanwhile
    expect(both).to eq(%w[2 2])
  end

  it "comes to the same in doubt, where nothing of it was changed" do
    PwbCrm.track(person)
    row.where(state: "pending").update_all(doubt: true)
    deliver_meanwhile
    expect(both).to eq(%w[2 2])
  end

  it "comes to the same under a new mapping" do
    person.update!(first_name: "Eva")
    PwbCrm::Link.where(integration: crm).update_all(mapping_version: "0")
    deliver_meanwhile
    expect(both).to eq(%w[2 2])
  end
end
