# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# What Zoho and Zendesk answer where tokens are concerned, and what becomes of the integration and its deliveries.
RSpec.describe "answers about tokens" do
  let(:clock) { PwbCrm::Testing::Clock.new }
  let(:oauth) { { refresh_token: "first", client_id: fake.client_id, client_secret: fake.client_secret } }
  let(:crm) { integration(website, platform, config: { access_token: "old", **oauth, **place }) }
  let(:log) { StringIO.new }

  before do
    configure(transport: PwbCrm::Testing::Seam.new(hosts.index_with { fake }), logger: Logger.new(log))
    crm
    contact(crm.website)
  end

  def at_token_endpoint = ->(request) { request.path.start_with?("/oauth") }

  def renewals = fake.requests.count { |request| request.path.start_with?("/oauth") }

  def delivery = PwbCrm::Delivery.sole

  def again = PwbCrm::Integration.find(crm.id)

  def deliver
    all_due
    drain(crm)
    again
  end

  def end_pause = PwbCrm::Integration.where(id: crm.id).note(paused_until: 1.second.ago)

  def hold_off_for(seconds, reason)
    have_attributes(status: :paused, state: "ready", status_message: reason,
                    paused_until: be_within(35).of((seconds + 30).seconds.from_now))
  end

  def be_waiting = have_attributes(state: "pending", attempts: 0, doubt: false)

  shared_examples "a token endpoint that fails" do
    {
      "an HTML page" => { garbage: :html }, "an empty body" => { garbage: :empty },
      "500" => { status: 500 }, "nothing in time" => { delay: 60, status: 500 }, "a reset" => { reset: :before },
      "no access token" => { status: 200, body: { scope: "read" } }
    }.each do |what, plan|
      it "answers with #{what}: the deliveries wait, and it is not asked again for a minute" do
        fake.fail_next(only: at_token_endpoint, **plan)
        expect(deliver).to hold_off_for(60, /tokens could not be renewed: .*It goes on by itself at/)
        expect(delivery).to be_waiting
        deliver
        expect(renewals).to eq(1)
        expect(PwbCrm::SyncLog.pluck(:success, :error_code)).to all(eq([false, "no_tokens"]))

        end_pause
        expect(deliver).to have_attributes(status: :ready, status_message: nil, last_error: nil)
        expect(delivery).to have_attributes(state: "succeeded", attempts: 1)
      end
    end
  end

  shared_examples "a token endpoint that refuses without a word" do
    { "a 401 page" => { status: 401, garbage: :html }, "401" => { status: 401, body: {} },
      "an empty 401" => { status: 401, garbage: :empty }, "403" => { status: 403, body: {} } }.each do |what, plan|
      it "answers with #{what}: that may pass" do
        fake.fail_next(3, only: at_token_endpoint, **plan)
        2.times do
          expect(deliver).to have_attributes(status: :paused, state: "ready", status_message: /goes on by itself at/)
          expect(delivery).to be_waiting
          end_pause
        end
        expect(renewals).to eq(2)
      end
    end

    it "is believed after the third 401 in a row, and waits ten minutes in between" do
      fake.fail_next(3, status: 401, garbage: :html, only: at_token_endpoint)
      2.times do
        expect(deliver).to hold_off_for(570, /could not be renewed: .*HTTP 401/)
        end_pause
      end
      expect(deliver).to have_attributes(status: :reconnect, state_reason: /refused 3 times in a row.*http_401/)
      expect(delivery).to be_waiting
    end
  end

  describe "of Zoho" do
    let(:platform) { "zoho_crm" }
    let(:fake) { PwbCrm::Testing::FakeZoho.new(access_token: "dead", refresh_token: "first", clock:) }

    def place = { api_domain: "https://www.zohoapis.com" }

    def hosts = %w[www.zohoapis.com accounts.zoho.com]

    it_behaves_like "a token endpoint that fails"
    it_behaves_like "a token endpoint that refuses without a word"

    %w[INVALID_TOKEN AUTHENTICATION_FAILURE INVALID_OAUTHTOKEN].each do |code|
      it "#{code} for a dead access token: one renewal, and it goes on" do
        fake.fail_next(status: 401, body: { code:, status: "error", message: "no", details: {} })
        expect(deliver.status).to eq(:ready)
        expect([renewals, delivery.state, delivery.attempts]).to eq([1, "succeeded", 1])
      end
    end

    %w[invalid_code invalid_client invalid_client_secret].each do |error|
      it "#{error} with HTTP 200: people have to connect again" do
        fake.fail_next(status: 200, body: { error: }, only: at_token_endpoint)
        expect(deliver).to have_attributes(status: :reconnect, state_reason: /#{error}.*Connect the account again/m)
        expect(delivery).to be_waiting
        deliver
        expect(renewals).to eq(1)
      end
    end

    it "Access Denied after ten in ten minutes: nothing for ten minutes, no dead letter, no renewal for each job" do
      10.times { |number| crm.refresh_tokens!(refused: number.zero? ? "old" : crm.config["access_token"]) }
      fake.revoke_token!
      expect(deliver).to hold_off_for(600, /access_denied.*too many tokens were asked for/)
      5.times { deliver }
      expect(renewals).to eq(11)
      expect(delivery).to be_waiting

      end_pause
      clock.advance(601)
      expect(deliver.status).to eq(:ready)
      expect(delivery.state).to eq("succeeded")
    end

    [200, 401].each do |status|
      it "a word that nobody knows with HTTP #{status}: two more tries, ten minutes apart, then people have to " \
         "connect again" do
        fake.fail_next(3, status:, body: { error: "general_error" }, only: at_token_endpoint)
        2.times do
          expect(deliver).to hold_off_for(570, /general_error/)
          end_pause
        end
        expect(deliver).to have_attributes(status: :reconnect, state_reason: /refused 3 times in a row.*general_error/)
        expect(delivery).to be_waiting
        expect(renewals).to eq(3)
      end
    end

    it "that word once more after a success: it counts from the start" do
      fake.fail_next(2, status: 200, body: { error: "general_error" }, only: at_token_endpoint)
      2.times { deliver && end_pause }
      deliver
      fake.fail_next(status: 200, body: { error: "general_error" }, only: at_token_endpoint)
      expect { again.refresh_tokens!(refused: again.config["access_token"]) }.to raise_error(PwbCrm::RemoteError)
      expect(again).to have_attributes(status: :paused, renewals_refused: 1)
    end
  end

  describe "of Zendesk" do
    let(:platform) { "zendesk" }
    let(:fake) { PwbCrm::Testing::FakeZendesk.new(access_token: "dead", refresh_token: "first", clock:) }

    def place = { subdomain: "acme" }

    def hosts = %w[acme.zendesk.com]

    it_behaves_like "a token endpoint that fails"
    it_behaves_like "a token endpoint that refuses without a word"

    it "half an answer: the pair is lost, and the integration says so once that shows" do
      fake.fail_next(garbage: :truncated, only: at_token_endpoint)
      expect(deliver).to hold_off_for(60, /truncated body/)
      end_pause
      expect(deliver.status).to eq(:reconnect)
      expect(delivery).to be_waiting
    end

    it "a refresh token that nobody used for too long: people have to connect again" do
      clock.advance(91 * 24 * 3600)
      expect(deliver).to have_attributes(status: :reconnect, state_reason: /90 days without use.*Connect the account/)
      expect(delivery).to be_waiting
    end

    it "no word on when the token ends: another one is asked for only after it was refused" do
      endless = { access_token: fake.access_token, refresh_token: "first" }
      fake.fail_next(status: 201, body: endless, only: at_token_endpoint)
      crm.refresh_tokens!
      expect(crm.tokens).to include("access_token" => "dead", "token_expires_at" => nil)
      travel_to(1.month.from_now) { expect(deliver.status).to eq(:ready) }
      expect(renewals).to eq(1)

      fake.revoke_token!
      contact(crm.website)
      expect(deliver).to have_attributes(status: :ready, token_version: 2)
      expect(PwbCrm::Delivery.distinct.pluck(:state)).to eq(%w[succeeded])
    end

    it "a wrong OAuth client: it stops until that is corrected; no dead letters" do
      crm.update!(config: crm.config.merge("client_secret" => "wrong"))
      expect(deliver).to have_attributes(status: :paused, state: "stopped", state_reason: /refuses the OAuth client/)
      expect(delivery).to be_waiting
      again.update!(config: crm.config.merge("client_secret" => fake.client_secret))
      deliver
      expect(delivery.state).to eq("succeeded")
    end

    it "429: as long as it asks" do
      fake.fail_next(status: 429, retry_after: 300, only: at_token_endpoint)
      expect(deliver).to hold_off_for(300, /limit is reached/)
      expect(delivery).to be_waiting
    end

    it "tells no secret of all this" do
      fake.fail_next(status: 400, body: { error: "invalid_grant", error_description: "first" }, only: at_token_endpoint)
      deliver
      told = [again.inspect, again.state_reason, again.last_error, delivery.error_message, log.string,
              PwbCrm::SyncLog.all.map(&:attributes).to_json].join
      expect(told).not_to match(/first|zendesk-client-secret|"old"/)
    end
  end
end
