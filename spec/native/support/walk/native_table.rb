# frozen_string_literal: true

# Good arguments for each native method, and objects to call them on.
module NativeTable
  NATIVE = PwbCrm.const_get(:Native)
  KEY = "k" * 32
  SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  LIMITS = { "timeout" => 0.2, "open_timeout" => 0.2, "allow_private_hosts" => true, "allowed_ports" => [443],
             "proxy" => nil, "ca_file" => nil, "concurrency" => 2, "heavy" => 1 }.freeze
  HERE = "http://127.0.0.1:1"
  PERSON = { "id" => 7, "first_name" => "Ana", "last_name" => "Ruiz", "email" => "ana@example.com" }.freeze
  RECORDS = {
    contact: { "kind" => "contact", **PERSON }.freeze,
    message: { "kind" => "message", "id" => 1, "text" => "hi", "contact" => PERSON,
               "property" => { "id" => 2 } }.freeze,
    ticket: { "kind" => "support_ticket", "id" => 3, "status" => "open", "requester" => PERSON }.freeze,
    comment: { "kind" => "comment", "id" => 4, "body" => "hi", "public" => true, "author" => PERSON }.freeze
  }.freeze

  class << self
    # @return [Hash{String => Array}] "Class.method" or "Class#method" to the object's maker and the arguments
    def entries = [makers, clients, payloads, signers, flows].reduce(:merge)

    def zoho = NATIVE::ZohoClient.new(*makers.fetch("ZohoClient.new").last)
    def zendesk = NATIVE::ZendeskClient.new(*makers.fetch("ZendeskClient.new").last)
    def webhook = NATIVE::WebhookClient.new(*makers.fetch("WebhookClient.new").last)
    def signer = NATIVE::WebhookSigner.new([SECRET])
    def flow = zoho.sync(RECORDS.values.map { |record| work(record) })
    def begun = flow.tap(&:begin)
    def underway = flow.submit(nil)

    def work(record)
      { "key" => "7", "action" => "upsert", "record" => record, "website" => { "id" => 1, "slug" => "a" },
        "link" => { "external_type" => "Contacts", "external_id" => "9", "shadow" => { "email" => "x" },
                    "mapping_version" => "1" },
        "parent" => { "external_type" => "Contacts", "external_id" => "9" },
        "author" => { "external_type" => "user", "external_id" => "8" },
        "doubt" => true, "reference" => "r",
        "event_id" => "msg_1", "occurred_at" => "2026-01-02T03:04:05Z" }
    end

    private

    def makers
      zoho = { "enquirers" => "lead", "deletes" => "delete", "case_status" => { "open" => "New" } }
      zendesk = { "deletes" => "keep", "custom_fields" => { "ticket_number" => "42" }, "tags" => ["a"],
                  "ticket_status" => { "open" => "new" } }
      place = { "access_token" => "t", "limits" => LIMITS }
      { "ZohoClient.new" => [:self, [{ "api_domain" => HERE, **place }, zoho, KEY]],
        "ZendeskClient.new" => [:self, [{ "subdomain" => "a", "base_url" => HERE, **place }, zendesk, KEY]],
        "WebhookClient.new" => [:self, [{ "url" => HERE, "limits" => LIMITS }, [SECRET], KEY]],
        "WebhookSigner.new" => [:self, [[SECRET]]] }
    end

    def clients
      app = { "accounts_server" => HERE, "client_id" => "c", "client_secret" => "s", "token" => "t",
              "redirect_uri" => "https://a.example", "limits" => LIMITS }
      desk = { "subdomain" => "a", "base_url" => HERE, "client_id" => "c", "client_secret" => "s",
               "refresh_token" => "t", "limits" => LIMITS }
      works = RECORDS.values.map { |record| work(record) }
      { **%w[refresh exchange revoke].to_h { |name| ["ZohoClient.#{name}", [:self, [app]]] },
        "ZendeskClient.refresh" => [:self, [desk]], "ZendeskClient.revoke" => [:self, [signed_in]],
        "ZendeskClient.remove_hook" => [:self, [signed_in, "webhook", "01"]], "ZohoClient#sync" => [:zoho, [works]],
        "ZendeskClient.remove_webhooks_to" => [:self, [signed_in, "/webhooks/zendesk/#{"a" * 32}"]],
        "ZohoClient#organisation" => [:zoho, []], "ZohoClient#remove_channel" => [:zoho, ["1"]],
        "ZohoClient#upsert" => [:zoho, ["Contacts", [{ "Last_Name" => "R", "Tag" => [{ "name" => "a" }] }]]],
        "WebhookClient.address" => [:self, [{ "url" => HERE, "limits" => LIMITS }]],
        "ZendeskClient#sync" => [:zendesk, [works]], "WebhookClient#sync" => [:webhook, [works]] }
    end

    def signed_in = { "subdomain" => "a", "base_url" => HERE, "access_token" => "t", "limits" => LIMITS }

    def payloads
      { "Payload.zoho" => [:self, ["note", work(RECORDS[:message]), { "lead_source" => "Web" }]],
        "Payload.zendesk" => [:self, ["ticket", work(RECORDS[:ticket]), { "ticket_priority" => { "low" => "low" } }]],
        "Payload.check" => [:self, ["message", "works[0].record", RECORDS[:message]]],
        "Payload.webhook_event" => [:self, [work(RECORDS[:contact])]],
        "Shadow.digests" => [:self, [KEY, '{"status":"solved"}']] }
    end

    def signers
      headers = signer.sign("body", "m", Time.now.to_i).to_a
      { "WebhookSigner#sign" => [:signer, ["body", "m", 1]],
        "WebhookSigner#verify" => [:signer, ["body", headers, 300]] }
    end

    def flows
      error = { "kind" => "rate_limit", "message" => "m", "code" => "c", "status" => 429, "sent" => "maybe",
                "retry_after" => 3, "details" => [{ "field" => "f", "message" => "m" }] }
      reply = [200, [%w[content-type application/json]], '{"data":[]}']
      { "panics" => [:self, []], "check_trust" => [:self, [LIMITS]],
        "script_lookups" => [:self, [{ "a.example" => [[0.0, ["8.8.8.8"]]] }]],
        "Flow#drive" => [:flow, [nil]], "Flow#submit" => [:flow, [nil]],
        "Flow#begin" => [:flow, []], "Flow#reply" => [:begun, reply], "Flow#fail" => [:begun, [error]],
        "Flow#take" => [:begun, []], "Flow#keys" => [:flow, []],
        **%w[fileno done? take cancel].to_h { |name| ["Pending##{name}", [:underway, []]] } }
    end
  end
end
