# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "remotes"

# The same remotes with their real limits, kept to; whoever waits for them lets virtual time pass. No alarm rings by
# itself.
RSpec.shared_context "with paced remotes" do
  include_context "with remotes"

  let(:slept) { [] }
  let(:alarms) { [] }
  let(:clock) { -> { Time.now + PwbCrm::Sql.offset } }
  let(:fakes) do
    { "zoho_crm" => fake!(:zoho), "custom" => fake!(:webhook),
      "zendesk" => fake!(:zendesk, user_writes_per_second: 1, ticket_updates_per_minute: 100, clock:) }
  end

  before do
    fakes
    configure(keep_to_limits: true)
    @sleeper = PwbCrm::Drain::Patience.sleeper
    @timer = PwbCrm::Wake::Alarm.timer
    PwbCrm::Wake::Alarm.timer = ->(seconds, &ring) { alarms << [seconds, ring] }
    PwbCrm::Drain::Patience.sleeper = lambda { |seconds|
      slept << seconds
      pass(seconds)
    }
  end

  after do
    PwbCrm::Drain::Patience.sleeper = @sleeper
    PwbCrm::Wake::Alarm.timer = @timer
  end

  # Turns as jobs take them, each when the one before asked for it.
  def turns(integration, most: 1000)
    left = integration.deliveries.where(state: "pending")
    most.times do |turn|
      drain(integration)
      return turn + 1 unless left.exists?

      seconds, = alarms.pop
      pass(seconds || [PwbCrm::Conveyor.send(:next_due, integration.id).to_f, 1].max)
    end
  end

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
