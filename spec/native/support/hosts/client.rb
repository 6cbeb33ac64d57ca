# frozen_string_literal: true

require "pwb_crm"

PwbCrm.config.allow_private_hosts = true
CLIENT = PwbCrm::WebhookClient.new(url: ENV.fetch("RECEIVER"), secrets: ENV.fetch("SECRET"), timeout: 20)

def deliver(id)
  work = { key: id, action: "upsert", event_id: "msg_#{id}", record: { kind: "contact", id: } }
  CLIENT.sync([work]).first.success?
end
