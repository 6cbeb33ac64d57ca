# frozen_string_literal: true

require "rails_helper"

# What only the way over HTTP shows: through the seam, an answer is in memory before anyone can refuse it.
RSpec.describe "an answer of 10 MB" do
  include_context "with remotes"

  let(:servers) { fakes.transform_values { |fake| PwbCrm::Testing::Server.start(fake) } }

  before do
    urls = servers.transform_values(&:url)
    configure(transport: nil, allow_private_hosts: true,
              zoho_base_url: urls["zoho_crm"], zendesk_base_url: urls["zendesk"])
    hook.update!(webhook_url: "#{urls["custom"]}/hook")
  end

  after { servers.each_value(&:stop) }

  def deliveries(record) = PwbCrm::Delivery.of_record("contact", record.id)

  # Than its attempt was written down, a second at least.
  def later?(delivery) = delivery.run_at - delivery.sync_logs.sole.created_at > 0.9

  it "is cut off, tried again at a time, and keeps nothing else from going out" do
    first = contact(site, primary_email: "first@example.com")
    fakes.each_value { |fake| fake.fail_next(garbage: :large) }
    drain_all
    expect(deliveries(first)).to all(have_attributes(state: "pending", attempts: 1).and(satisfy { |one| later?(one) }))
    expect(deliveries(first).pluck(:error_message))
      .to all(match(/\Acontact #{first.id}\b.*sent an answer longer than 2097152 bytes/))

    deliveries(first).update_all(run_at: 1.hour.from_now) # however slow this machine
    second = contact(site, primary_email: "second@example.com")
    [crm, desk, hook].each { |integration| drain(integration) }
    expect(deliveries(second).pluck(:state)).to eq(%w[succeeded] * 3)
    expect(deliveries(first).pluck(:state)).to eq(%w[pending] * 3)
    drain_all
    expect(states).to eq("succeeded" => 6)
    expect([zoho.records("Contacts").size, zendesk.users.size]).to eq([2, 2])
  end
end
