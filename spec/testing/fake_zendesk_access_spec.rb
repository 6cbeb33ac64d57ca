# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZendesk, :fakes do
  let(:clock) { PwbCrm::Testing::Clock.new }
  let(:options) { {} }
  let!(:zendesk) { described_class.new(clock:, **options) }
  let(:client) { { client_id: zendesk.client_id, client_secret: zendesk.client_secret } }

  def grant(**params)
    rack_call(zendesk, "POST", "/oauth/tokens", body: client.merge(params))
  end

  def refresh(token = zendesk.refresh_token, **params)
    grant(grant_type: "refresh_token", refresh_token: token, **params)
  end

  def status_with(header)
    rack_call(zendesk, "GET", "/api/v2/users/me", headers: { "Authorization" => header }).status
  end

  describe "tokens" do
    it "lets the first token in, with a request id and the limits" do
      answer = zendesk_call("GET", "users/me")

      expect(answer.status).to eq(200)
      expect(answer.headers).to include("x-request-id", "x-rate-limit" => "700", "x-rate-limit-remaining" => "699")
    end

    it "refuses nobody, an unknown and a revoked token with 401" do
      zendesk.revoke_token!
      answer = zendesk_call("GET", "users/me", token: "zendesk-token")

      expect([answer.status, answer.json["error"]]).to eq([401, "invalid_token"])
      expect(rack_call(zendesk, "GET", "/api/v2/users/me").json).to eq("error" => "Couldn't authenticate you")
      expect(status_with("Bearer ")).to eq(401)
    end

    it "does not let a revoked token back in as an empty one" do
      zendesk.revoke_token!
      expect(zendesk_call("GET", "users/me", token: "").status).to eq(401)
    end

    context "with the API token of an agent" do
      let(:options) { { email: "agent@acme.test", api_token: "legacy" } }

      it "accepts Basic, until everything is revoked" do
        basic = "Basic #{["agent@acme.test/token:legacy"].pack("m0")}"

        expect(status_with(basic)).to eq(200)
        expect(status_with("Basic #{["agent@acme.test/token:other"].pack("m0")}")).to eq(401)
        zendesk.revoke_token!
        expect(status_with(basic)).to eq(200)
        zendesk.revoke_refresh_token!
        expect(status_with(basic)).to eq(401)
      end
    end

    it "refuses Basic when there is no API token" do
      expect(status_with("Basic #{["agent@acme.test/token:legacy"].pack("m0")}")).to eq(401)
    end

    it "revokes the current one on demand" do
      expect(zendesk_call("DELETE", "oauth/tokens/current").status).to eq(204)
      expect(status_with("Bearer zendesk-token")).to eq(401)
    end
  end

  describe "webhooks and triggers" do
    it "lists webhooks by cursor, and deletes both" do
      zendesk.add_hook("trigger", "7")
      %w[01A 01B 01C].each { |id| zendesk.add_hook("webhook", id, endpoint: "https://app.example/#{id}") }
      first = zendesk_call("GET", "webhooks?page%5Bsize%5D=2").json
      cursor = first["meta"]["after_cursor"]
      last = zendesk_call("GET", "webhooks?page%5Bsize%5D=2&page%5Bafter%5D=#{cursor}").json
      expect([first, last].map { |page| [page["webhooks"].map { |row| row["id"] }, page["meta"]["has_more"]] })
        .to eq([[%w[01A 01B], true], [%w[01C], false]])
      expect(first["webhooks"].first["endpoint"]).to eq("https://app.example/01A")
      paths = %w[webhooks/01A triggers/7 webhooks/7 users/1/x]
      expect(paths.map { |path| zendesk_call("DELETE", path).status }).to eq([204, 204, 404, 404])
      expect(zendesk.hooks).to eq([{ "type" => "webhook", "id" => "01B" }, { "type" => "webhook", "id" => "01C" }])
    end
  end

  describe "scopes" do
    let(:options) { { scope: "users:read tickets:read" } }

    it "answers 403 to writes without the write scope" do
      answer = zendesk_call("POST", "users/create_or_update", { user: { name: "Ana" } })

      expect([answer.status, answer.json["error"]]).to eq([403, "Forbidden"])
      expect(zendesk_call("GET", "users/me").status).to eq(200)
    end

    it "opens audits to no narrower scope than read" do
      id = zendesk.add_ticket("subject" => "Inquiry")["id"]
      expect(zendesk_call("GET", "tickets/#{id}/comments").status).to eq(200)
      expect(zendesk_call("GET", "tickets/#{id}/audits").status).to eq(403)
    end
  end

  describe "refresh" do
    it "rotates: the old access and refresh tokens die" do
      old = [zendesk.access_token, zendesk.refresh_token]
      answer = refresh

      expect(answer.status).to eq(201)
      expect(answer.json).to include("token_type" => "bearer", "scope" => "read write",
                                     "refresh_token_expires_in" => 2_592_000)
      expect(status_with("Bearer #{old.first}")).to eq(401)
      expect(status_with("Bearer #{answer.json["access_token"]}")).to eq(200)
      again = refresh(old.last)
      expect([again.status, again.json["error"]]).to eq([400, "invalid_grant"])
    end

    context "with revoke_on_reuse" do
      let(:options) { { revoke_on_reuse: true } }

      it "takes a refresh token that is used twice for stolen, and ends what it led to" do
        first = zendesk.refresh_token
        second = refresh.json
        third = refresh(second["refresh_token"]).json
        expect(refresh(first).json["error"]).to eq("invalid_grant")
        expect(status_with("Bearer #{third["access_token"]}")).to eq(401)
        expect(refresh(third["refresh_token"]).json["error"]).to eq("invalid_grant")
      end

      it "leaves other grants alone" do
        first = zendesk.refresh_token
        other = grant(grant_type: "authorization_code", code: zendesk.grant_code).json
        2.times { refresh(first) }
        expect(status_with("Bearer #{other["access_token"]}")).to eq(200)
      end
    end

    it "takes a form as well" do
      expect(form_call(zendesk, "/oauth/tokens", client.merge(grant_type: "refresh_token",
                                                              refresh_token: zendesk.refresh_token)).status).to eq(201)
    end

    it "honours the lives asked for" do
      answer = refresh(expires_in: 300, refresh_token_expires_in: 604_800)
      expect(answer.json).to include("expires_in" => 300, "refresh_token_expires_in" => 604_800)
      clock.advance(300)
      expect(status_with("Bearer #{answer.json["access_token"]}")).to eq(401)
      clock.advance(604_500)
      expect(refresh(answer.json["refresh_token"]).json["error"]).to eq("invalid_grant")
    end

    [{ expires_in: 299 }, { expires_in: 172_801 }, { refresh_token_expires_in: 604_799 },
     { expires_in: "300" }].each do |lives|
      it "refuses #{lives}" do
        expect(refresh(**lives).json["error"]).to eq("invalid_request")
        expect(refresh.status).to eq(201)
      end
    end

    it "refuses wrong clients, unknown grants, revoked tokens and broken bodies" do
      expect(refresh(client_secret: "x").json["error"]).to eq("invalid_client")
      expect(refresh(client_secret: "x").status).to eq(401)
      expect(grant(grant_type: "password").json["error"]).to eq("unsupported_grant_type")
      expect(rack_call(zendesk, "POST", "/oauth/tokens", body: "{").json["error"]).to eq("invalid_request")
      expect(rack_call(zendesk, "GET", "/oauth/tokens").status).to eq(404)
      zendesk.revoke_refresh_token!
      expect(refresh.json["error"]).to eq("invalid_grant")
    end
  end

  it "grants by code, once and for 120 seconds, and to the client itself" do
    code = zendesk.grant_code
    expect(grant(grant_type: "authorization_code", code:).json).to include("access_token", "refresh_token")
    expect(grant(grant_type: "authorization_code", code:).json["error"]).to eq("invalid_grant")
    late = zendesk.grant_code
    clock.advance(120)
    expect(grant(grant_type: "authorization_code", code: late).status).to eq(400)
    expect(grant(grant_type: "client_credentials").json).to include("access_token")
  end

  describe "limits" do
    let(:options) { { per_minute: 2, user_writes_per_second: 1 } }

    it "answers 429 with Retry-After beyond the minute's requests" do
      2.times { zendesk_call("GET", "users/me") }
      clock.advance(20)
      answer = zendesk_call("GET", "users/me")

      expect([answer.status, answer.headers["retry-after"]]).to eq([429, "40"])
      clock.advance(40)
      expect(zendesk_call("GET", "users/me").status).to eq(200)
    end

    it "allows one user write a second" do
      write = -> { zendesk_call("POST", "users/create_or_update", { user: { name: "Ana", external_id: "1" } }) }
      expect(write.call.status).to eq(201)
      throttled = write.call
      expect([throttled.status, throttled.headers["retry-after"]]).to eq([429, "1"])
    end

    describe "of tickets" do
      let(:options) { { ticket_updates_per_minute: 100 } }

      def update(id) = zendesk_call("PUT", "tickets/#{id}", { ticket: { priority: "low" } })

      it "allows thirty updates of one ticket in ten minutes" do
        one, other = Array.new(2) do
          zendesk_call("POST", "tickets", { ticket: { subject: "?", comment: { body: "?" } } }).json["ticket"]["id"]
        end
        30.times { expect(update(one).status).to eq(200) }
        throttled = update(one)
        expect([throttled.status, throttled.headers["retry-after"]]).to eq([429, "600"])
        expect(update(other).status).to eq(200)
        clock.advance(600)
        expect(update(one).status).to eq(200)
      end
    end
  end

  it "knows no other paths" do
    expect(zendesk_call("GET", "organizations").status).to eq(404)
    expect(zendesk_call("GET", "tickets/1/audits").status).to eq(404)
    expect(rack_call(zendesk, "GET", "/api/v1/users").status).to eq(404)
  end

  it "gives two accounts ids that never meet" do
    ids = [described_class.new, described_class.new].map { |account| account.add_ticket({})["id"] }
    expect(ids.uniq.size).to eq(2)
  end
end
