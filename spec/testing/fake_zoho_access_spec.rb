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
end
