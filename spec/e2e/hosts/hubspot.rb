# frozen_string_literal: true

# A host's own platform, its fake and its spec, as the guides tell it to write them. kit_spec.rb runs it.

require "net/http"

# A small CRM: POST adds an object, PUT changes one, DELETE removes it, GET finds one by our name for it.
class FakeHubspot < PwbCrm::Testing::App
  TOKEN = "Bearer t0ken-of-hubspot"

  def objects = @lock.synchronize { copy(@objects.values) }

  def crm_record(_type, id) = objects.find { |one| one["id"] == id }

  private

  def clear
    @objects = {}
    @last = 0
  end

  def respond(request)
    return failure(401) unless request.env["HTTP_AUTHORIZATION"] == TOKEN

    id = request.path.split("/").last
    case request.request_method
    when "GET" then found(request.params["name"])
    when "DELETE" then removed(id)
    when "POST" then keep(next_id, request)
    else keep(id, request)
    end
  end

  def next_id = "o#{@last += 1}"

  def removed(id) = @objects.delete(id) ? json(200, {}) : failure(404)

  def keep(id, request)
    json(200, @objects[id] = { **@objects.fetch(id, {}), **JSON.parse(request.body.read), "id" => id })
  end

  def found(name) = json(200, @objects.values.find { |one| one["name"] == name } || {})

  def failure(status) = json(status, { "error" => "told to" })

  def json(status, body) = [status, { "content-type" => "application/json" }, [JSON.generate(body)]]
end

# One account, for as long as a push may take.
class HubspotCalls
  ERRORS = { 401 => PwbCrm::AuthenticationError, 403 => PwbCrm::PermissionError, 404 => PwbCrm::NotFoundError,
             422 => PwbCrm::ValidationError, 429 => PwbCrm::RateLimitError }.freeze

  def initialize(config, within:)
    @url = URI(config["url"])
    @headers = { "authorization" => "Bearer #{config["token"]}", "content-type" => "application/json" }
    @ending = now + within
  end

  def add(fields) = ask(Net::HTTP::Post, "/objects", fields).fetch("id")

  def change(id, fields) = ask(Net::HTTP::Put, "/objects/#{id}", fields)

  # What somebody has removed before is gone, too.
  def remove(id)
    ask(Net::HTTP::Delete, "/objects/#{id}")
  rescue PwbCrm::NotFoundError
    nil
  end

  def find(name) = ask(Net::HTTP::Get, "/objects?name=#{name}")["id"]

  private

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def ask(verb, path, body = nil)
    left = @ending - now
    raise PwbCrm::TimeoutError.new("the time was up", sent: :no) unless left.positive?

    read(exchange(verb.new(path, @headers), body, left))
  rescue SystemCallError, IOError, Timeout::Error => e
    raise PwbCrm::ConnectionError.new("HubSpot does not answer (#{e.class})", sent: :maybe)
  end

  def exchange(request, body, seconds)
    request.body = JSON.generate(body) if body
    Net::HTTP.start(@url.host, @url.port, open_timeout: seconds, read_timeout: seconds, max_retries: 0) do |http|
      http.request(request)
    end
  end

  def read(answer)
    status = answer.code.to_i
    return JSON.parse(answer.body) if status < 300

    more = status == 429 ? { retry_after: answer["retry-after"].to_i } : {}
    raise ERRORS.fetch(status, PwbCrm::RemoteError).new("HubSpot answered #{status}", status:, sent: :yes, **more)
  rescue JSON::ParserError
    raise PwbCrm::RemoteError.new("HubSpot answered #{status} without JSON", status:, sent: :maybe)
  end
end

# Sends each record as one object, under a name by which it is known again.
class HubspotProvider < PwbCrm::Providers::Base
  def missing_config = lacking(%w[token url])

  def erases? = true

  def push(works, within:)
    calls = HubspotCalls.new(config, within:)
    works.map { |work| deliver(work, calls) }
  end

  private

  def deliver(work, calls)
    return parted(work, calls) unless work[:action] == "upsert"

    why = reason_to_keep(work, work[:record])
    why ? kept(work, why) : sent(work, id_of(work, calls), calls)
  rescue PwbCrm::Error => e
    PwbCrm::Outcome.failed(work[:key], e)
  end

  # Deleted and erased is the same here. A reply stays until it is erased.
  def parted(work, calls)
    return kept(work, "a reply stays") if work[:action] == "delete" && work[:record][:kind] == "comment"

    id = id_of(work, calls) or return kept(work, "it is not there")
    calls.remove(id)
    PwbCrm::Outcome.new(key: work[:key], status: :succeeded, action: :deleted, id:, external_type: "object")
  end

  def reason_to_keep(work, record)
    reply = record[:kind] == "comment"
    return "an internal note stays here" if reply && !record[:public]

    "it is there" if work[:link] && (reply || work[:link][:shadow] == shadow(record))
  end

  def kept(work, reason)
    PwbCrm::Outcome.new(key: work[:key], status: :skipped, action: (:unchanged if work[:link]), reason:)
  end

  def id_of(work, calls)
    return work[:link][:external_id] if work[:link]

    calls.find(work[:reference]) if work[:doubt]
  end

  def sent(work, id, calls)
    record = work[:record]
    id ? calls.change(id, record) : id = calls.add({ **record, name: work[:reference] })
    PwbCrm::Outcome.new(key: work[:key], status: :succeeded, action: work[:link] ? :updated : :created, id:,
                        external_type: "object", shadow: shadow(record), mapping_version: "1")
  end

  # What the remote holds, as a hash that tells nobody else.
  def shadow(record) = { "all" => OpenSSL::HMAC.hexdigest("SHA256", shadow_key, JSON.generate(record)) }
end

PwbCrm::Providers.register("hubspot", "HubspotProvider")

RSpec.describe HubspotProvider do
  let(:website) { Pwb::Website.create!(subdomain: "acme") }
  let(:remote) { FakeHubspot.new }
  let(:server) { PwbCrm::Testing::Server.start(remote) }
  let(:integration) do
    PwbCrm::Integration.create!(website:, platform: "hubspot", name: "Hub",
                                config: { token: "t0ken-of-hubspot", url: server.url })
  end

  after { server.stop }

  it_behaves_like "a pwb_crm provider" do
    let(:held) { -> { remote.objects } }
  end

  it "has nothing left of what the app destroys or erases" do
    integration
    ana, eva = %w[Ana Eva].map do |name|
      Pwb::Contact.create!(website:, first_name: name, primary_email: "#{name.downcase}@example.com")
    end
    drain_crm!
    ana.destroy!
    drain_crm!
    expect(remote.objects.sole).to include("first_name" => "Eva")
    receipt = PwbCrm.erase(eva)
    drain_crm!
    expect([receipt.reload.entries.sole["outcome"], remote.objects]).to eq(["erased", []])
    expect(remote.requests.map(&:method).last(2)).to eq(%w[DELETE DELETE])
  end

  it "gets what the app saves, replies included, but for internal notes" do
    integration
    user = Pwb::User.create!(email: "bo@example.com")
    ticket = Pwb::SupportTicket.create!(website:, creator: user, subject: "Broken", description: "It is blank")
    Pwb::TicketMessage.create!(support_ticket: ticket, user:, content: "among us", internal_note: true)
    reply = Pwb::TicketMessage.create!(support_ticket: ticket, user:, content: "It is mended")
    drain_crm!
    expect(PwbCrm).to have_synced(reply).to(:hubspot)
    expect(remote.objects.map { |one| one["kind"] }).to contain_exactly("support_ticket", "comment")
    expect(remote.requests.map { |one| one.body.to_s }.join).not_to include("among us")
  end
end
