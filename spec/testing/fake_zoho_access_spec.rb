# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeZoho, :fakes do
  let(:clock) { PwbCrm::Testing::Clock.new }
  let!(:zoho) { described_class.new(clock:) }
  let(:client) { { client_id: zoho.client_id, client_secret: zoho.client_secret } }

  def refresh(**changes)
    form_call(zoho, "/oauth/v2/token",
              client.merge(grant_type: "refresh_token", refresh_token: zoho.refresh_token, **changes))
  end

  def read(token = zoho.access_token)
    zoho_call("GET", "Contacts/1", token:)
  end

  describe "tokens" do
    it "lets the first token in" do
      expect(read("zoho-token").status).to eq(204)
    end

    it "refuses no token and an unknown one with AUTHENTICATION_FAILURE" do
      [rack_call(zoho, "GET", "/crm/v8/Contacts/1"), read("nope")].each do |answer|
        expect([answer.status, answer.json["code"]]).to eq([401, "AUTHENTICATION_FAILURE"])
      end
    end

    it "refuses Bearer" do
      answer = zoho_call("GET", "Contacts/1", headers: { "Authorization" => "Bearer zoho-token" })
      expect(answer.json["code"]).to eq("AUTHENTICATION_FAILURE")
    end

    it "refuses a revoked token with INVALID_TOKEN until it is refreshed" do
      zoho.revoke_token!
      dead = read("zoho-token")
      token = refresh.json.fetch("access_token")

      expect([dead.status, dead.json["code"]]).to eq([401, "INVALID_TOKEN"])
      expect(read(token).status).to eq(204)
      expect(zoho.access_token).to eq(token)
    end

    it "refuses a token after an hour" do
      clock.advance(3599)
      expect(read.status).to eq(204)
      clock.advance(1)
      expect(read.json["code"]).to eq("INVALID_TOKEN")
    end

    it "kills the oldest of sixteen" do
      tokens = Array.new(10) { refresh.json["access_token"] }
      clock.advance(600)
      tokens += Array.new(4) { refresh.json["access_token"] }
      expect(read("zoho-token").status).to eq(204)

      tokens << refresh.json["access_token"]
      expect(read("zoho-token").json["code"]).to eq("INVALID_TOKEN")
      expect(tokens.map { |token| read(token).status }).to all(eq(204))
    end
  end

  describe "refresh" do
    it "answers as Zoho does, without a new refresh token" do
      answer = refresh

      expect(answer.status).to eq(200)
      expect(answer.json).to include("token_type" => "Bearer", "expires_in" => 3600)
      expect(answer.json).not_to include("refresh_token")
    end

    it "takes the parameters from the query, too" do
      query = URI.encode_www_form(client.merge(grant_type: "refresh_token", refresh_token: zoho.refresh_token))
      expect(rack_call(zoho, "POST", "/oauth/v2/token?#{query}").json).to include("access_token")
    end

    {
      "invalid_client" => { client_id: "x" }, "invalid_client_secret" => { client_secret: "x" },
      "invalid_code" => { refresh_token: "x" }, "invalid_grant_type" => { grant_type: "password" }
    }.each do |error, change|
      it "answers #{error} with HTTP 200" do
        answer = refresh(**change)
        expect([answer.status, answer.json["error"], answer.json["access_token"]]).to eq([200, error, nil])
      end
    end

    it "answers a revoked refresh token with invalid_code" do
      zoho.revoke_refresh_token!

      expect(refresh.json).to include("error" => "invalid_code")
      expect(read("zoho-token").json["code"]).to eq("INVALID_TOKEN")
    end

    it "throttles the eleventh in ten minutes, with HTTP 200" do
      10.times { expect(refresh.json).to include("access_token") }
      throttled = refresh

      expect([throttled.status, throttled.json["error"]]).to eq([200, "Access Denied"])
      clock.advance(600)
      expect(refresh.json).to include("access_token")
    end

    it "sends the API host of the data centre that was asked" do
      { "accounts.zoho.eu" => "https://www.zohoapis.eu", "accounts.zohocloud.ca" => "https://www.zohoapis.ca",
        "127.0.0.1:3999" => "http://127.0.0.1:3999" }.each do |host, api_domain|
        answer = rack_call(zoho, "POST", "http://#{host}/oauth/v2/token?#{URI.encode_www_form(
          client.merge(grant_type: "refresh_token", refresh_token: zoho.refresh_token)
        )}")
        expect(answer.json["api_domain"]).to eq(api_domain)
      end
    end

    it "sends the API host it was told to" do
      fixed = described_class.new(api_domain: "https://sandbox.zohoapis.com")
      answer = form_call(fixed, "/oauth/v2/token",
                         client.merge(grant_type: "refresh_token", refresh_token: fixed.refresh_token))

      expect(answer.json["api_domain"]).to eq("https://sandbox.zohoapis.com")
    end
  end

  describe "authorization codes" do
    def exchange(code)
      form_call(zoho, "/oauth/v2/token", client.merge(grant_type: "authorization_code", code:)).json
    end

    it "brings both tokens, once" do
      code = zoho.grant_code
      tokens = exchange(code)

      expect(tokens).to include("access_token", "refresh_token", "api_domain")
      expect(refresh(refresh_token: tokens["refresh_token"]).json).to include("access_token")
      expect(exchange(code)).to include("error" => "invalid_code")
    end

    it "dies after three minutes" do
      code = zoho.grant_code
      clock.advance(180)
      expect(exchange(code)).to include("error" => "invalid_code")
    end
  end

  describe "revoke" do
    it "kills a refresh token and what came from it" do
      answer = form_call(zoho, "/oauth/v2/token/revoke", token: zoho.refresh_token)

      expect([answer.status, answer.json]).to eq([200, { "status" => "success" }])
      expect(read("zoho-token").json["code"]).to eq("INVALID_TOKEN")
      expect(refresh.json["error"]).to eq("invalid_code")
    end

    it "kills one access token and leaves the refresh token" do
      form_call(zoho, "/oauth/v2/token/revoke", token: "zoho-token")

      expect(read("zoho-token").status).to eq(401)
      expect(refresh.json).to include("access_token")
    end

    it "refuses an unknown one with 400" do
      expect(form_call(zoho, "/oauth/v2/token/revoke", token: "x").status).to eq(400)
    end
  end

  it "knows no other accounts page, and no GET" do
    expect(form_call(zoho, "/oauth/v2/nope", {}).status).to eq(404)
    expect(rack_call(zoho, "GET", "/oauth/v2/token").status).to eq(404)
  end

  describe "limits" do
    it "tells the credits left once half of them are used, and refuses when none is left" do
      zoho = described_class.new(credits: 4, clock:)
      call = lambda {
        rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers: { "Authorization" => "Zoho-oauthtoken zoho-token" })
      }
      answers = Array.new(5) { call.call }

      expect(answers.map { |answer| answer.headers["x-api-credits-remaining"] }).to eq([nil, "2", "1", "0", "0"])
      expect(answers.last.status).to eq(429)
      expect(answers.last.json["code"]).to eq("TOO_MANY_REQUESTS")
      expect(answers.last.headers).not_to include("retry-after")
    end

    it "charges a write one credit per ten records, and forgets after a day" do
      zoho = described_class.new(credits: 4, clock:)
      headers = { "Authorization" => "Zoho-oauthtoken #{zoho.access_token}" }
      body = { data: [{ "Last_Name" => "Ruiz" }] * 21 }
      answer = rack_call(zoho, "POST", "/crm/v8/Contacts", body:, headers:)
      expect(answer.headers["x-api-credits-remaining"]).to eq("1")

      clock.advance(24 * 3600)
      form_call(zoho, "/oauth/v2/token", client.merge(grant_type: "refresh_token", refresh_token: zoho.refresh_token))
      headers = { "Authorization" => "Zoho-oauthtoken #{zoho.access_token}" }
      expect(rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).headers).not_to include("x-api-credits-remaining")
    end

    it "refuses calls beyond the concurrency of the edition" do
      zoho = described_class.new(concurrency: 2)
      zoho.fail_next(2, delay: 0.4)
      headers = { "Authorization" => "Zoho-oauthtoken zoho-token" }
      slow = Array.new(2) { Thread.new { rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).status } }
      sleep 0.01 until zoho.failures_left.zero?

      expect(rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).status).to eq(429)
      expect(slow.map(&:value)).to eq([204, 204])
      expect(rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).status).to eq(204)
    end

    it "refuses more than ten heavy writes at once, whatever the edition, and takes light ones beside them" do
      zoho = described_class.new(concurrency: 25)
      heavy, light = [11, 10].map { |count| Array.new(count) { |n| { "Last_Name" => "Ruiz #{n}" } } }
      zoho.fail_next(10, delay: 0.6)
      headers = { "Authorization" => "Zoho-oauthtoken zoho-token" }
      write = ->(data) { rack_call(zoho, "POST", "/crm/v8/Contacts", body: { data: }, headers:).status }
      slow = Array.new(10) { Thread.new { write.call(heavy) } }
      sleep 0.01 until zoho.failures_left.zero?
      expect([write.call(heavy), write.call(light)]).to eq([429, 201])
      expect(slow.map(&:value)).to all(eq(201))
      expect(write.call(heavy)).to eq(201)
    end
  end

  describe "notification channels" do
    def remove(ids) = zoho_call("DELETE", "actions/watch?channel_ids=#{ids}")

    def codes(answer) = answer.json["watch"].map { |item| [item["details"]["channel_id"], item["code"]] }

    it "ends them, and tells of each module" do
      zoho.add_channel("1", modules: %w[Contacts Leads])
      expect(zoho.add_channel("2")).to eq("type" => "channel", "id" => "2")
      answer = remove("1")
      expect([answer.status, codes(answer), zoho.channels]).to eq([200, [%w[1 SUCCESS]] * 2, ["2"]])
    end

    it "says which are not there: with 400, or with 207 beside others" do
      zoho.add_channel("1")
      answers = [remove("1,2"), remove("2")]
      expect(answers.map(&:status)).to eq([207, 400])
      expect(codes(answers.first)).to eq([%w[1 SUCCESS], %w[2 NOT_SUBSCRIBED]])
    end

    it "forgets those that have run out" do
      zoho.add_channel("1", life: 60)
      clock.advance(59)
      expect(zoho.channels).to eq(["1"])
      clock.advance(1)
      expect([zoho.channels, codes(remove("1"))]).to eq([[], [%w[1 NOT_SUBSCRIBED]]])
    end

    it "refuses what names none, other methods, and grants that do not reach so far" do
      answers = [zoho_call("DELETE", "actions/watch"), remove("a"), zoho_call("POST", "actions/watch", {})]
      zoho.close_scope("notifications")
      answers << remove("1")
      expect(answers.map { |answer| [answer.status, answer.json["code"]] }).to eq(
        [[400, "REQUIRED_PARAM_MISSING"], [400, "INVALID_DATA"], [400, "INVALID_REQUEST_METHOD"],
         [401, "OAUTH_SCOPE_MISMATCH"]]
      )
    end
  end

  it "gives two organisations ids that never meet" do
    ids = [described_class.new, described_class.new].map { |org| org.add_record("Contacts", {})["id"] }
    expect(ids.uniq.size).to eq(2)
  end
end
