# frozen_string_literal: true

require "rails_helper"

RSpec.describe "Zendesk's published vectors, with the secret that it tests addresses with" do
  let!(:desk) do
    integration(website, "zendesk", config: { subdomain: "acme", access_token: "t", hook_secret: "desk-secret" })
  end
  let(:public_secret) { "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==" }
  let(:at) { "2021-03-25T05:09:27Z" }
  let(:vectors) do
    { '{"ticket_id":"42","status":"solved"}' => "NqUaN7rodUKnkweKTTJDE/zvll2NozK4EY+j4jFxU9Q=",
      "" => "wCdBvXaHttn0wRVIYctzZ9O6O0bnqWakJMEKZ9VoRWw=" }
  end

  it "are what an integration's own secret makes, too, which verifies for an hour" do
    vectors.each do |text, signature|
      expect(from_zendesk(text, secret: public_secret, at:)["X-Zendesk-Webhook-Signature"]).to eq(signature)
      headers = from_zendesk(text, at:)
      travel_to(Time.iso8601(at) + 60) { expect(tell(desk, text, headers).status).to eq(text.empty? ? 400 : 200) }
      travel_to(Time.iso8601(at) + 3700) { expect(tell(desk, text, headers).status).to eq(401) }
    end
  end

  it "verify nothing, not even where somebody has made that secret an integration's" do
    expect { desk.update!(config: desk.config.merge("previous_hook_secret" => public_secret)) }
      .to raise_error(ActiveRecord::RecordInvalid, /which everybody knows/)
    desk.save!(validate: false)
    expect { desk.reload.update!(settings: { hook_test: true }) }.to raise_error(/Settings has no hook_test/)
    travel_to(Time.iso8601(at)) do
      answers = vectors.keys.map { |text| tell(desk, text, from_zendesk(text, at:, secret: public_secret)).status }
      expect(answers).to eq([401, 401])
    end
    expect(PwbCrm::InboundEvent.count).to eq(0)
  end
end
