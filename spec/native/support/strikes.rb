# frozen_string_literal: true

# Interrupts of a thread that hands values over for ever, one job after the other. Says for each what became of them,
# if that is not what should.
require "timeout"

Own = Class.new(StandardError)
Foreign = Class.new(Exception) # rubocop:disable Lint/InheritException

ZOHO = { access_token: "t", api_domain: "https://www.zohoapis.eu", settings: { case_status: { open: "New" } } }.freeze
ZENDESK = { subdomain: "acme", access_token: "t", settings: { ticket_status: { open: "new" } } }.freeze
WEBHOOK = { url: "https://a.example/", secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }.freeze
WORKS = Array.new(5) do |key|
  { key:, action: "upsert", event_id: "m#{key}", record: { kind: "contact", id: key, created_at: Time.at(0) } }
end

JOBS = {
  zoho: -> { PwbCrm::ZohoClient.new(**ZOHO) }, zendesk: -> { PwbCrm::ZendeskClient.new(**ZENDESK) },
  webhook: -> { PwbCrm::WebhookClient.new(**WEBHOOK) },
  preview: -> { PwbCrm::Payload.zoho_contact({ id: 1, email: "a@b.c", created_at: Time.at(0) }) },
  works: -> { PwbCrm.const_get(:WorkInput).clean(WORKS) }
}.freeze

def endless(job, ready)
  Thread.current.priority = -3 # its turns are short
  ready << true
  loop(&job)
rescue Exception => e # rubocop:disable Lint/RescueException
  e
end

# A thread that does the job until the block stops it.
# @return [Exception, Symbol, nil] what came out of it; nil for one that died
def struck(job)
  ready = Queue.new
  thread = Thread.new { endless(job, ready) }
  ready.pop
  sleep(rand * 0.002)
  yield thread
  thread.join(5) ? thread.value : :goes_on
end

def raised(job, type)
  reason = type.new
  struck(job) { |thread| thread.raise(reason) }.then { |seen| seen.equal?(reason) ? :good : seen }
end

def killed(job) = struck(job, &:kill) || :good

def timed_out(job, type)
  Timeout.timeout(0.001 + (rand * 0.001), type) { loop(&job) }
rescue StandardError => e
  e.instance_of?(type || Timeout::Error) ? :good : e
end

PwbCrm.eager_load!
JOBS.each do |name, job|
  seen = Array.new(7) { [raised(job, Own), raised(job, Foreign), killed(job)] }.flatten
  seen.concat(Array.new(2) { [timed_out(job, nil), timed_out(job, Own)] }.flatten)
  bad = seen.reject { |what| what == :good }.tally
  puts "#{name}: #{bad.inspect}" if bad.any?
end
puts "done"
