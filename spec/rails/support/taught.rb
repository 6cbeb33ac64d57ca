# frozen_string_literal: true

# A host that takes over the status of tickets from Zendesk. Two of its words mean the same there.
RSpec.shared_context "with a host that takes over" do
  let(:words) do
    { "OPEN" => "in_progress", "PENDING" => "waiting_on_customer", "HOLD" => "waiting_on_customer",
      "SOLVED" => "resolved" }
  end

  before do
    configure(inbound_handlers: { support_ticket: lambda do |record, change|
      status = words[change.fields["status"]]
      record.update!(status:) if status
    end })
  end

  def there = zendesk.tickets.sole

  # What an event tells of the ticket as it is now.
  def now = there.slice("status", "priority").transform_values(&:upcase).symbolize_keys.merge(subject: there["subject"])

  # As if all that was sent and told were of longer ago.
  def age(seconds = 3600)
    PwbCrm::Link.find_each do |link|
      version = link.remote_version&.then { |time| (Time.iso8601(time) - seconds).iso8601 }
      link.update_columns(updated_at: link.updated_at - seconds, remote_version: version,
                          inbound_at: link.inbound_at && (link.inbound_at - seconds))
    end
  end

  def shadow = PwbCrm::Link.find_by!(integration: desk, record_type: "support_ticket").shadow

  # @return [Array<Hash>] what the block has asked Zendesk to write into tickets
  def said
    seen = zendesk.requests.size
    yield
    zendesk.requests.drop(seen).filter_map { |one| one.body["ticket"] if one.body.is_a?(Hash) }
  end
end
