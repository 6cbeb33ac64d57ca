# frozen_string_literal: true

# What the remotes send, signed as they do.
module InboundRequests
  # Puts a request to the receiver, through the app's routes and middleware.
  #
  # @param receiver [PwbCrm::Integration, String] or a path
  # @return [Rack::MockResponse]
  def tell(receiver, body, headers = {}, **env)
    path = receiver.respond_to?(:webhook_path) ? receiver.webhook_path : receiver
    named = headers.transform_keys { |name| "HTTP_#{name.upcase.tr("-", "_")}" }
    Rack::MockRequest.new(Rails.application)
                     .post(path, input: body, "CONTENT_TYPE" => "application/json", **named, **env)
  end

  def from_zendesk(body, secret: "desk-secret", at: Time.now.utc.iso8601)
    signature = [OpenSSL::HMAC.digest("SHA256", secret, at + body)].pack("m0")
    { "X-Zendesk-Webhook-Signature" => signature, "X-Zendesk-Webhook-Signature-Timestamp" => at }
  end

  def from_webhook(body, secret:, id: "msg_1", at: Time.now)
    PwbCrm::WebhookSigner.new(secret).sign(body, id:, timestamp: at)
  end

  # An event of a Zendesk ticket.
  def ticket_event(id: "evt-1", ticket: "900", time: Time.now.utc.iso8601(6), type: "ticket.status_changed", **detail)
    { id:, type: "zen:event-type:#{type}", time:, subject: "zen:ticket:#{ticket}",
      detail: { id: ticket, status: "SOLVED", **detail }, event: { current: "SOLVED", previous: "OPEN" } }.to_json
  end

  # A notification of Zoho's.
  def zoho_event(ids, token:, at: Time.now, **fields)
    { server_time: (at.to_f * 1000).to_i, module: "Contacts", resource_uri: "https://www.zohoapis.com/crm/v2/Contacts",
      ids:, affected_fields: ids.map { |id| { id => %w[Phone] } }, operation: "update", channel_id: "1068", token:,
      query_params: {}, **fields }.to_json
  end
end

RSpec.configure do |config|
  config.include InboundRequests, :rails
  config.before(:each, :rails) { PwbCrm::Inbound::Throttle.reset }
end
