# frozen_string_literal: true

require "rails_helper"

RSpec.describe "What the receiver refuses" do
  include_context "with receiving integrations"

  it "refuses what is forged, stale, unsigned, or signed for another" do
    other = integration(website, "zendesk", config: { subdomain: "b", access_token: "t", hook_secret: "other" })
    bare = integration(site, "zendesk", config: { subdomain: "c", access_token: "t" })
    genuine = from_zendesk(body)
    expect_refused(401) { tell(desk, body.sub("900", "901"), genuine) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, secret: "forged")) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, at: 2.hours.ago.utc.iso8601)) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, at: 2.hours.from_now.utc.iso8601)) }
    expect_refused(401) { tell(desk, body, from_zendesk(body, at: "yesterday")) }
    expect_refused(401) { tell(desk, body, genuine.transform_values { |_| "\xFF" }) }
    receiving.each { |one| expect_refused(401) { tell(one, body) } }
    expect_refused(401) { tell(other, body, genuine) }
    expect_refused(401) { tell(bare, body, from_zendesk(body, secret: "")) }
    expect_refused(401) { tell(hook, body, from_webhook(body, secret:, at: 301.seconds.ago)) }
    expect_refused(401) { tell(crm, zoho_event(%w[71], token: "another-token-xx")) }
    expect_refused(401) { tell(crm, zoho_event(%w[71], token: nil)) }
    ["#{token}x", token[..-2], token.upcase, "", [token]].each do |wrong|
      expect_refused(401) { tell(crm, zoho_event(%w[71], token: wrong)) }
    end
    expect_refused(401) { tell(crm, "[#{token}") }
  end

  # Neither how long it takes nor anything else may tell how much of a signature or a token is right.
  it "compares what verifies in constant time, with each of the secrets" do
    allow(OpenSSL).to receive(:secure_compare).and_call_original
    both = { desk => %w[hook_secret previous_hook_secret], crm => %w[hook_token previous_hook_token] }
    both.each { |one, (_, old)| one.update!(config: one.config.merge(old => "another-one-of-ours")) }
    signed = from_zendesk(body)
    expect(tell(desk, body, signed).status).to eq(200)
    expect(OpenSSL).to have_received(:secure_compare).with(signed["X-Zendesk-Webhook-Signature"], anything).twice
    expect(tell(crm, zoho_event(%w[71], token:)).status).to eq(200)
    [token, "another-one-of-ours"].each do |known|
      expect(OpenSSL).to have_received(:secure_compare).with(token, known)
    end
  end

  it "asks nobody for what has not a key's form, nor counts it as a guess, nor for a platform that is gone" do
    configure(inbound_rate: 3)
    allow(PwbCrm::Integration).to receive(:with_key).and_call_original
    [desk.key[..-2], "#{desk.key}0", desk.key.sub(/./, "g"), "#{desk.key}%0a", nil].each do |key|
      expect_refused(404) { tell(["/api/crm/webhooks/zendesk", key].compact.join("/"), body, from_zendesk(body)) }
    end
    desk.update_columns(platform: "gone")
    expect_refused(404) { tell(desk, body, from_zendesk(body)) }
    expect(PwbCrm::Integration).not_to have_received(:with_key)
  end

  it "answers the same for every address that nobody has" do
    off = integration(site, "zendesk", config: desk.config, active: false)
    copied = integration(site, "zendesk", config: desk.config, environment: "elsewhere")
    gone = integration(site, "zendesk", config: desk.config).tap(&:disconnect!)
    paths = [off, copied, gone].map(&:webhook_path)
    paths << desk.webhook_path.sub("zendesk", "zoho_crm") << desk.webhook_path.sub("zendesk", "nobody")
    paths << desk.webhook_path.sub(desk.key, SecureRandom.hex(16)) << desk.webhook_path.sub(desk.key, "%00")
    answers = paths.map { |path| expect_refused(404) { tell(path, body, from_zendesk(body)) } }
    expect(answers.map { |answer| answer.headers.except("x-runtime", "x-request-id") }.uniq.size).to eq(1)
  end

  it "reads no more of a body than it may have, announced or not" do
    configure(inbound_body_limit: 1000)
    long = ticket_event(description: "s3cret-value" * 100)
    expect_refused(413) { tell(desk, long, from_zendesk(long)) }
    chunked = StringIO.new(long)
    expect_refused(413) { tell(desk, chunked, from_zendesk(long), "CONTENT_LENGTH" => nil) }
    expect(chunked.pos).to eq(1001)
    expect_refused(413) { tell(desk, "{}", "Content-Length" => "x", "CONTENT_LENGTH" => "1001") }
  end

  it "refuses what is signed, but makes no sense, and says nothing of it" do
    odd = ["", "a\nb", { a: 1 }].map { |id| ticket_event(id:) }
    odd.push(ticket_event(type: "x" * 300), ticket_event(ticket: "\0"), "{", "[]", "nil", "{\"a\":\"\xFF\"}", "[" * 200)
    odd.each { |text| expect_refused(400) { tell_desk(text) } }
    [{ ids: [] }, { ids: nil }, { ids: [nil] }, { server_time: "now" }, { module: nil },
     { operation: 1 }].each do |wrong|
      expect_refused(400) { tell(crm, zoho_event(%w[71], token:, **wrong)) }
    end
    signed = '{"type":{"a":1}}'
    expect_refused(400) { tell(hook, signed, from_webhook(signed, secret:)) }
  end

  it "takes an integration's events from its networks only, if it names them" do
    desk.update!(settings: { source_networks: ["203.0.113.0/24", "2001:db8::/32"] })
    %w[203.0.114.1 2001:db9::1 127.0.0.1].each do |address|
      expect_refused(403) { tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => address) }
    end
    %w[203.0.113.9 2001:db8:1::1 ::ffff:203.0.113.9].each do |address|
      expect(tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => address).status).to eq(200)
    end
  end

  it "compares addresses of IPv4 as such, however a network is written, and takes none of a single machine's" do
    %w[::ffff:203.0.113.0/120 ::ffff:203.0.113.9].each do |network|
      desk.update!(settings: { source_networks: [network] })
      %w[203.0.113.9 ::ffff:203.0.113.9].each do |address|
        expect(tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => address).status).to eq(200)
      end
      expect_refused(403) { tell(desk, body, from_zendesk(body), "REMOTE_ADDR" => "203.0.114.9") }
    end
    expect { desk.update!(settings: { source_networks: ["fe80::1%eth0"] }) }.to raise_error(/no network/)
  end

  it "refuses what is no text, which could never be stored, and takes what is" do
    halves = ['\\udc00', '\\uD83D', '\\ud83dx']
    halves.each do |half|
      wrong = body.sub("SOLVED", half)
      expect_refused(400) { tell(desk, wrong, from_zendesk(wrong)) }
    end
    told = body.sub("SOLVED", '\\uD83D\\ude00')
    tell(desk, told, from_zendesk(told))
    expect(PwbCrm::InboundEvent.sole.payload.to_json).to include("😀")
  end

  it "refuses a number beyond all numbers, which would be stored as another" do
    huge = ["1e400", "-1E+309", "#{"9" * 290}e99", "1#{"0" * 400}.5"]
    huge.each do |number|
      of = ->(text) { text.sub('"amount":1', "\"amount\":#{number}") }
      expect_refused(400) { tell_desk(of[ticket_event(amount: 1)]) }
      signed = of[{ type: "contact.updated", data: { id: "1", amount: 1 } }.to_json]
      expect_refused(400) { tell(hook, signed, from_webhook(signed, secret:)) }
      expect_refused(400) { tell(crm, of[zoho_event(%w[71], token:, query_params: { amount: 1 })]) }
    end
    fine = ticket_event(amount: 1).sub('"amount":1', "\"amount\":[1e308,#{"9" * 400},-1e-400]")
    expect(tell_desk(fine).status).to eq(200)
    expect(PwbCrm::InboundEvent.sole.payload["detail"]["amount"]).to eq([1e308, ("9" * 400).to_i, -0.0])
  end

  it "lets nobody name what the gem makes itself" do
    allow(Rails.error).to receive(:report)
    %w[pwb_crm.bundle pwb_crm.other].each do |type|
      expect_refused(400) { tell_desk(ticket_event(type:)) }
      signed = { type:, entries: "[]", data: { id: "1" } }.to_json
      expect_refused(400) { tell(hook, signed, from_webhook(signed, secret:)) }
      own, operation = type.split(".")
      expect_refused(400) { tell(crm, zoho_event(%w[71], token:, module: own, operation:)) }
    end
    expect(Rails.error).not_to have_received(:report)
  end

  it "keeps nothing of a body that is none in an error" do
    ["{s3cret-value", "s3cret-value", '{"a":"s3cret-value\\ud800"}', "{\"s3cret-value\":1e400}"].each do |text|
      expect { PwbCrm::Inbound::Body.parse(text) }.to raise_error(PwbCrm::ValidationError) do |error|
        expect([error.full_message, error.cause].to_s).not_to include("s3cret-value")
        expect(error.cause).to be_nil
      end
    end
  end

  it "takes nothing but a POST" do
    answer = Rack::MockRequest.new(Rails.application).get(desk.webhook_path)
    expect([answer.status, answer.headers["allow"], answer.body]).to eq([405, "POST", "{}"])
  end

  it "refuses what would verify nothing when it is saved, and names that are none" do
    { crm => [{ config: crm.config.merge("hook_token" => "short") }, /16 to 50/],
      hook => [{ config: hook.config.merge("inbound_secret" => "whsec_") }, /secret/],
      desk => [{ settings: { source_networks: ["203.0.113.0/99"] } }, /no network/] }.each do |one, (change, message)|
      expect { one.update!(change) }.to raise_error(ActiveRecord::RecordInvalid, message)
    end
    expect { desk.reload.update!(settings: { source_networks: "203.0.113.0/24" }) }.to raise_error(/must be a list/)
  end
end
