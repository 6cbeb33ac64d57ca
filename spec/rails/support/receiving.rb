# frozen_string_literal: true

# An integration of each platform that is told what happens there, and what may not be left of what is refused.
RSpec.shared_context "with receiving integrations" do
  let(:site) { website }
  let(:secret) { "whsec_#{["0123456789abcdef" * 2].pack("m0")}" }
  let(:token) { "a-token-of-zoho-s" }
  let!(:desk) do
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end
  let!(:crm) do
    integration(site, "zoho_crm",
                config: { access_token: "t", api_domain: "https://www.zohoapis.com", hook_token: token })
  end
  let!(:hook) { webhook(site, config: { inbound_secret: secret }) }
  let(:body) { ticket_event }

  before { ActiveJob::Base.queue_adapter.enqueued_jobs.clear }

  def receiving = [desk, crm, hook]

  def events = PwbCrm::InboundEvent.order(:id)

  def tell_desk(text = body) = tell(desk, text, from_zendesk(text))

  def enqueued = ActiveJob::Base.queue_adapter.enqueued_jobs.count { |job| job["job_class"].end_with?("InboundJob") }

  def log = Rails.root.join("log", Rails.configuration.log_file_name)

  def counts = [events.count, enqueued]

  # Nothing of it is anywhere.
  def expect_refused(status)
    before = counts
    size = log.size
    answer = yield
    expect([answer.status, answer.body, *counts]).to eq([status, "{}", *before])
    expect(log.read(nil, size).to_s).not_to match(/SOLVED|s3cret-value#{"|evt-1" if status < 500}/)
    answer
  end
end
