# frozen_string_literal: true

# A contact that may be a user of a Zendesk that tells of them, and a host that takes over the phone number.
RSpec.shared_context "with a Zendesk user" do
  let(:site) { website }
  let(:person) { contact(site) }
  let!(:desk) { integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "s" }) }
  let(:taken) { [] }

  before do
    configure(inbound_handlers: { contact: lambda do |record, change|
      taken << [record.id, change.fields["phone"]]
      record.update!(primary_phone_number: change.fields["phone"])
    end })
  end

  def link(record = person, into: desk, id: "42")
    PwbCrm::Link.create!(integration: into, record_type: "contact", record_id: record.id.to_s, external_type: "user",
                         external_id: id)
  end

  # A Zendesk user as an event tells of them.
  def user_event(phone, at: 0, into: desk, id: "42", mark: nil, position: nil, type: "user.phone_changed")
    payload = { "detail" => { "id" => id, "phone" => phone, "external_id" => mark },
                "event" => { "meta" => { "sequence" => { "position" => position } } } }
    into.inbound_events.create!(event_id: SecureRandom.uuid, event_type: type, external_type: "user", external_id: id,
                                payload:, occurred_at: Time.utc(2026, 1, 1) + at, run_at: 1.minute.ago)
  end

  def apply(into = desk) = PwbCrm::IntegrationInboundJob.perform_now(into.id)

  def endings = PwbCrm::InboundEvent.order(:id).pluck(:state, :error_code)

  def phone = person.reload.primary_phone_number
end
