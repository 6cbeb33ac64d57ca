# frozen_string_literal: true

# Every way into the native part, with every kind of value that comes out of it.
class MemoryWork
  SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  PERSON = { id: 7, first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" }.freeze
  LINK = { external_type: "event", external_id: "e", shadow: { data: "x" }, mapping_version: "1" }.freeze
  WORKS = [
    { key: 1, action: "upsert", event_id: "msg_1", record: { kind: "contact", **PERSON }, link: LINK },
    { key: 2, action: "upsert", event_id: "msg_2", website: { id: 1, slug: "a" },
      record: { kind: "message", id: 1, text: "hi" * 200, contact: PERSON, property: { title: "House" } } },
    { key: 3, action: "delete", event_id: "msg_3", record: { kind: "support_ticket", id: 3, requester: PERSON } },
    { key: 4, action: "upsert", event_id: "msg_4", parent: { external_type: "event", external_id: "e" },
      record: { kind: "comment", id: 4, ticket_id: 3, body: "hi", public: true, author: PERSON } }
  ].freeze
  ONE = WORKS.first(1).freeze
  KEY = "k" * 32

  def initialize(server)
    @url = server.url
    PwbCrm.config.assign(allow_private_hosts: true, zendesk_base_url: @url)
  end

  # @return [Array] what all of it came to, the same each time
  def all = [requests, tokens, refusals, interrupted, in_fibers, by_hand, signed, payloads]

  private

  def requests
    zoho = PwbCrm::ZohoClient.new(access_token: "t", api_domain: @url, shadow_key: KEY)
    zendesk = PwbCrm::ZendeskClient.new(subdomain: "a", access_token: "t", shadow_key: KEY)
    told = [webhook.sync(WORKS), zoho.sync(WORKS.first(2)), zendesk.sync(ONE), webhook("/garbage").sync(ONE),
            zoho.upsert("Contacts", [PERSON, { "Last_Name" => "Ruiz", "Tags" => ["a", 1, 1.5, nil, true] }])]
    told.flatten.map { |outcome| tell(outcome) }
  end

  def webhook(path = "/in", **)
    PwbCrm::WebhookClient.new(url: "#{@url}#{path}", secrets: SECRET, shadow_key: KEY, **)
  end

  def tell(outcome)
    [outcome.key, outcome.status, outcome.action, outcome.id, outcome.shadow, outcome.error&.message,
     outcome.calls.map { |call| [call.method, call.path, call.status, call.fields] }]
  end

  def tokens
    zoho = { accounts_server: @url, client_id: "c", client_secret: "s" }
    [PwbCrm::ZohoClient.refresh(refresh_token: "t", **zoho), PwbCrm::ZohoClient.revoke(token: "t", **zoho),
     PwbCrm::ZohoClient.exchange(code: "c", redirect_uri: "https://app.example/back", **zoho),
     PwbCrm::ZendeskClient.refresh(subdomain: "a", refresh_token: "t", client_id: "c", client_secret: "s"),
     PwbCrm::WebhookClient.address("#{@url}/in?a=b")]
  end

  def refusals
    [attempt { PwbCrm::ZohoClient.new(access_token: "t", api_domain: "evil.example") },
     attempt { PwbCrm::WebhookSigner.new("whsec_!") }, attempt { webhook.sync([{ key: 1, action: "move" }]) },
     attempt { native::Flow.allocate }, attempt { native::Payload.webhook_event({ "key" => 1 }) }]
  end

  def native = PwbCrm.const_get(:Native)

  # Timeout, Thread#kill and Thread#raise, each in the middle of a request; and a request whose own time is up.
  def interrupted
    killed, raised = Array.new(2) { Thread.new { attempt { hanging(5) } } }
    killed.kill if await(killed)
    raised.raise(IOError, "enough") if await(raised)
    [attempt { Timeout.timeout(0.05) { hanging(5) } }, killed.value, raised.value, tell(hanging(0.05).first)]
  end

  def hanging(timeout) = webhook("/hang", timeout:).sync(ONE)

  # Until it waits for an answer.
  def await(thread)
    Thread.pass until thread.stop?
    true
  end

  def attempt
    yield
  rescue StandardError => e
    [e.class, e.message]
  end

  # As a fiber waits; one is taken, one cancelled, and one left to the collector.
  def in_fibers
    taken, cancelled, = Array.new(3) { flow.submit(nil) }
    IO.for_fd(taken.fileno, autoclose: false).wait_readable until taken.done?
    cancelled.cancel
    taken.take.map(&:status)
  end

  def flow(works = ONE)
    limits = { "timeout" => 5.0, "open_timeout" => 5.0, "allow_private_hosts" => true }
    options = { "url" => "#{@url}/in", "limits" => limits }
    native::WebhookClient.new(options, [SECRET], KEY).sync(PwbCrm.const_get(:WorkInput).clean(works))
  end

  # Request by request, as through a Ruby transport; one flow is left in the middle.
  def by_hand
    flow.begin
    two = flow(WORKS.first(2))
    requests = [two.begin, two.reply(200, [%w[a b]], "x" * 1000)]
    two.fail({ "kind" => "timeout", "message" => "m", "sent" => "maybe", "details" => [] })
    [requests.map(&:first), two.take.map(&:status)]
  end

  def signed
    signer = PwbCrm::WebhookSigner.new(SECRET)
    headers = signer.sign("x" * 20_000, id: "m", timestamp: 1_767_323_045)
    good = signer.sign("y", id: "m")
    [headers, signer.verify!("y", good), attempt { signer.verify!("z", good) }]
  end

  def payloads
    PwbCrm::Payload.then do |payload|
      [payload.zoho_contact(PERSON), payload.zoho_lead(PERSON), payload.zendesk_user(PERSON),
       payload.zendesk_message_ticket({ text: "hi", contact: PERSON }, requester_id: 9),
       payload.webhook_event(:contact, PERSON, change: :updated, occurred_at: "2026-01-02")]
    end
  end
end
