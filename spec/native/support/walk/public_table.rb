# frozen_string_literal: true

# Good arguments, by name, for each public method that hands something to the native core, and how it is called.
module PublicTable
  SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  HERE = "http://127.0.0.1:1"
  KEY = "k" * 32
  ZOHO = { access_token: "t0ken", api_domain: HERE, shadow_key: KEY, proxy: nil, ca_file: nil }.freeze
  ZENDESK = { subdomain: "acme", access_token: "t0ken", shadow_key: KEY }.freeze
  WEBHOOK = { url: HERE, secrets: [SECRET], shadow_key: KEY }.freeze
  LIMITS = { timeout: 0.2, open_timeout: 0.2, concurrency: 2 }.freeze
  PERSON = { id: 7, first_name: "Ana", email: "ana@example.com" }.freeze
  MESSAGE = { id: 1, text: "hi", contact: PERSON, property: { id: 2, title: "House" } }.freeze
  REPLY = { id: 4, body: "hi", public: true, author: PERSON }.freeze
  TICKET = { id: 3, subject: "Help", status: "open", requester: PERSON }.freeze
  WEBSITE = { id: 1, slug: "acme" }.freeze

  class << self
    # @return [Hash{String => Array}] "Class.method" or "Class#method" to the arguments and a lambda that takes them
    def entries = [clients, calls, signers, zoho_payloads, zendesk_payloads, tokens].reduce(:merge)

    private

    def clients
      settings = { enquirers: "lead", case_status: { open: "New" } }
      desk = { custom_fields: { ticket_number: "42" }, ticket_status: { open: "new" }, tags: ["a"] }
      agent = { subdomain: "acme", email: "a@b.example", api_token: "t0ken" }
      zendesk = ->(given) { PwbCrm::ZendeskClient.new(**given) }
      { "ZohoClient.new" => [{ **ZOHO, **LIMITS, heavy: 1, settings: }, ->(given) { PwbCrm::ZohoClient.new(**given) }],
        "ZendeskClient.new" => [{ **ZENDESK, **LIMITS, settings: desk }, zendesk],
        "ZendeskClient.new (agent)" => [agent, zendesk],
        "WebhookClient.new" => [{ **WEBHOOK, **LIMITS }, ->(given) { PwbCrm::WebhookClient.new(**given) }],
        "WebhookClient.address" => [{ url: HERE }, call(PwbCrm::WebhookClient, :address, :url)] }
    end

    def calls
      made = { "ZohoClient" => PwbCrm::ZohoClient.new(**ZOHO, **LIMITS),
               "ZendeskClient" => PwbCrm::ZendeskClient.new(**ZENDESK, **LIMITS),
               "WebhookClient" => PwbCrm::WebhookClient.new(**WEBHOOK, **LIMITS) }
      made.to_h { |name, client| ["#{name}#sync", [{ works:, within: 5 }, call(client, :sync, :works)]] }
          .merge(%i[preview changes].map { |way| peeks(made, way, works) }.reduce(:merge))
          .merge(of_zoho(made["ZohoClient"]))
    end

    def peeks(made, way, works) = made.to_h { |name, one| ["#{name}##{way}", [{ works: }, call(one, way, :works)]] }

    def of_zoho(client)
      { "ZohoClient#organisation" => [{ within: 5 }, call(client, :organisation)],
        "ZohoClient#remove_channel" => [{ id: "1", within: 5 }, call(client, :remove_channel, :id)],
        "ZohoClient#upsert" => [{ module_name: "Contacts", records:, within: 5 },
                                call(client, :upsert, :module_name, :records)] }
    end

    def records = [{ last_name: "Ruiz", tag: [{ name: "a" }] }]

    # Calls a method with some of what is given by place, and the rest by name.
    def call(object, method, *places)
      ->(given) { object.public_send(method, *given.values_at(*places), **given.except(*places)) }
    end

    def works
      link = { external_type: "Contacts", external_id: "9", shadow: { email: "x" }, mapping_version: "1" }
      more = { website: WEBSITE, link:, parent: { external_type: "Contacts", external_id: "9" }, doubt: false,
               reference: "r", event_id: "msg_1", occurred_at: "2026-01-02T03:04:05Z" }
      [{ key: "k7", action: "upsert", record: { kind: "message", **MESSAGE }, **more },
       { key: "k8", action: "delete", record: { kind: "contact", **PERSON }, event_id: "m" }]
    end

    def signers
      signer = PwbCrm::WebhookSigner.new(SECRET)
      headers = signer.sign("body", id: "m")
      { "WebhookSigner.new" => [{ secret: SECRET }, call(PwbCrm::WebhookSigner, :new, :secret)],
        "WebhookSigner.new (two)" => [{ secret: [SECRET, SECRET] }, call(PwbCrm::WebhookSigner, :new, :secret)],
        "WebhookSigner#sign" => [{ body: "body", id: "m", timestamp: 1 }, call(signer, :sign, :body)],
        "WebhookSigner#verify!" => [{ body: "body", headers:, tolerance: 300 },
                                    call(signer, :verify!, :body, :headers)] }
    end

    def zoho_payloads
      { zoho_contact: { contact: PERSON }, zoho_lead: { contact: PERSON },
        zoho_note: { message: MESSAGE, parent: { external_type: "Leads", external_id: 9 } },
        zoho_case: { support_ticket: TICKET },
        zoho_reply: { comment: REPLY, parent: { external_type: "Cases", external_id: 9 } } }.to_h do |name, given|
        payload(name, **given, website: WEBSITE, reference: "r", settings: { case_status: { open: "New" } })
      end
    end

    def zendesk_payloads
      settings = { ticket_priority: { low: "low" } }
      event = { kind: :contact, record: PERSON, change: :created, id: "m", occurred_at: Time.at(1), website: WEBSITE }
      [payload(:zendesk_user, contact: PERSON, kind: :contact, website: WEBSITE, settings:),
       payload(:zendesk_message_ticket, message: MESSAGE, requester_id: 9, website: WEBSITE, settings:),
       payload(:zendesk_support_ticket, support_ticket: TICKET, requester_id: 9, website: WEBSITE, settings:),
       payload(:zendesk_ticket_update, support_ticket: TICKET, website: WEBSITE, settings:),
       payload(:zendesk_reply, comment: REPLY, author_id: 9, website: WEBSITE, settings:),
       ["Payload.webhook_event", [event, call(PwbCrm::Payload, :webhook_event, :kind, :record)]]].to_h
    end

    def payload(name, **given)
      ["Payload.#{name}", [given, call(PwbCrm::Payload, name, given.keys.first)]]
    end

    def tokens
      app = { client_id: "c", client_secret: "s" }
      zoho = { refresh: { refresh_token: "t" }, revoke: { token: "t" },
               exchange: { code: "c", redirect_uri: "https://a.example" } }
      desk = [{ subdomain: "acme", refresh_token: "t", **app }, call(PwbCrm::ZendeskClient, :refresh)]
      zoho.to_h do |name, given|
        ["ZohoClient.#{name}", [{ **given, **app, accounts_server: HERE }, call(PwbCrm::ZohoClient, name)]]
      end.merge("ZendeskClient.refresh" => desk, **farewells)
    end

    def farewells
      place = { subdomain: "acme", access_token: "t" }
      { "ZendeskClient.revoke" => [place, call(PwbCrm::ZendeskClient, :revoke)],
        "ZendeskClient.remove_hook" => [{ type: "webhook", id: "01", **place },
                                        call(PwbCrm::ZendeskClient, :remove_hook)],
        "ZendeskClient.remove_webhooks" => [{ to: "/webhooks/zendesk/#{"a" * 32}", **place },
                                            call(PwbCrm::ZendeskClient, :remove_webhooks)] }
    end
  end
end
