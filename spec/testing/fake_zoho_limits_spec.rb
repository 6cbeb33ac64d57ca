# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe "The limits of the fake Zoho", :fakes do
  let(:clock) { PwbCrm::Testing::Clock.new }

  it "tells the credits left once half of them are used, and refuses when none is left" do
    zoho = PwbCrm::Testing::FakeZoho.new(credits: 4, clock:)
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
    zoho = PwbCrm::Testing::FakeZoho.new(credits: 4, clock:)
    headers = { "Authorization" => "Zoho-oauthtoken #{zoho.access_token}" }
    body = { data: [{ "Last_Name" => "Ruiz" }] * 21 }
    answer = rack_call(zoho, "POST", "/crm/v8/Contacts", body:, headers:)
    expect(answer.headers["x-api-credits-remaining"]).to eq("1")

    clock.advance(24 * 3600)
    client = { client_id: zoho.client_id, client_secret: zoho.client_secret }
    form_call(zoho, "/oauth/v2/token", client.merge(grant_type: "refresh_token", refresh_token: zoho.refresh_token))
    headers = { "Authorization" => "Zoho-oauthtoken #{zoho.access_token}" }
    expect(rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).headers).not_to include("x-api-credits-remaining")
  end

  it "refuses calls beyond the concurrency of the edition" do
    zoho = PwbCrm::Testing::FakeZoho.new(concurrency: 2)
    zoho.fail_next(2, delay: 0.4)
    headers = { "Authorization" => "Zoho-oauthtoken zoho-token" }
    slow = Array.new(2) { Thread.new { rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).status } }
    sleep 0.01 until zoho.failures_left.zero?

    expect(rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).status).to eq(429)
    expect(slow.map(&:value)).to eq([204, 204])
    expect(rack_call(zoho, "GET", "/crm/v8/Contacts/1", headers:).status).to eq(204)
  end

  it "refuses more than ten heavy writes at once, whatever the edition, and takes light ones beside them" do
    zoho = PwbCrm::Testing::FakeZoho.new(concurrency: 25)
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
