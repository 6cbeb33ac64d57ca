# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "remotes"

# The same remotes with their real limits, kept to; whoever waits for them lets virtual time pass.
RSpec.shared_context "with paced remotes" do
  include_context "with remotes"

  let(:slept) { [] }
  let(:clock) { -> { Time.now + PwbCrm::Sql.offset } }
  let(:fakes) do
    { "zoho_crm" => fake!(:zoho), "custom" => fake!(:webhook),
      "zendesk" => fake!(:zendesk, user_writes_per_second: 1, ticket_updates_per_minute: 100, clock:) }
  end

  before do
    fakes
    configure(keep_to_limits: true)
    @sleeper = PwbCrm::Drain::Patience.sleeper
    PwbCrm::Drain::Patience.sleeper = lambda { |seconds|
      slept << seconds
      pass(seconds)
    }
  end

  after { PwbCrm::Drain::Patience.sleeper = @sleeper }

  # Requests that met a limit.
  def refused = zendesk.requests.count { |request| request.status == 429 }

  # As if Zendesk had had the contact for long.
  def linked(contact)
    PwbCrm::Delivery.where(record_type: "contact", record_id: contact.id.to_s, integration_id: desk.id).delete_all
    user = zendesk.add_user("name" => "Known", "email" => contact.primary_email)
    PwbCrm::Link.create!(integration: desk, record_type: "contact", record_id: contact.id, external_type: "user",
                         external_id: user["id"], shadow: {}, updated_at: 1.hour.ago)
    contact
  end
end
