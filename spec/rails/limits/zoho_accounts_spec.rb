# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The account of Zoho's whose limits are shared" do
  include_context "with accounts"

  def zoho_of(website, **config)
    integration(website, "zoho_crm", config: { api_domain: "https://www.zohoapis.com", **config })
  end

  it "is the organisation that the token opens, whatever config says" do
    second = zoho_of(theirs, access_token: "zoho-token")
    liar = zoho_of(theirs, access_token: "guessed", org_id: "712345678")
    let_in(crm, second, liar)
    expect(second.budget_account).to eq(crm.budget_account)
    expect(crm.siblings).to eq([second])
    expect(liar.account_digest).to be_nil
    expect(zoho.requests.count { |request| request.path == "/crm/v8/org" }).to eq(2)
  end

  it "is known once people have connected" do
    fresh = zoho_of(theirs)
    fresh.connect!(access_token: "zoho-token")
    let_in(crm, fresh)
    expect(fresh.budget_account).to eq(crm.account_digest)
  end

  it "is the grant's where the scope is missing, and is asked for once" do
    zoho.close_scope("org")
    second = zoho_of(theirs, access_token: "zoho-token")
    let_in(crm, second)
    let_in(crm, second)
    expect(second.budget_account).to eq(crm.budget_account)
    expect(crm.account_digest).to be_present
    expect(zoho.requests.count { |request| request.path == "/crm/v8/org" }).to eq(2)
  end

  def records = zoho.requests.filter_map { |request| request.body["data"].size if request.path.end_with?("/upsert") }

  def contacts(count) = Array.new(count) { |n| contact(site, primary_email: "#{n}@example.com") }

  it "is asked for after the first record, before others who use it are met with a hundred" do
    contacts(8)
    drain(crm)
    expect(zoho.requests.map(&:path)).to eq(%w[/crm/v8/Contacts/upsert /crm/v8/org /crm/v8/Contacts/upsert])
    expect(records).to eq([1, 7])
  end

  it "lets the others go all the same, if Zoho could not say" do
    zoho.fail_next(1, status: 503, only: ->(request) { request.path.end_with?("/org") })
    contacts(8)
    drain(crm)
    expect([crm.reload.account_digest, records]).to eq([nil, [1, 7]])
  end

  it "shares its calls at once from then on" do
    other = zoho_of(theirs, access_token: "zoho-token")
    let_in(other)
    PwbCrm::Lease.acquire(other.id).note(calls_held: 3)
    made = []
    allow(PwbCrm::ZohoClient).to receive(:new).and_wrap_original do |original, **options|
      made << options[:concurrency]
      original.call(**options)
    end
    contacts(8)
    drain(crm)
    expect(made.last).to eq(2)
  end

  it "is asked for again another time, if Zoho could not say" do
    zoho.fail_next(1, status: 503, only: ->(request) { request.path.end_with?("/org") })
    let_in(crm)
    expect(crm.account_digest).to be_nil
    expect(crm.deliveries.pluck(:state).uniq).to eq(["succeeded"])
    contact(site, primary_email: "bo@example.com")
    drain(crm)
    expect(crm.reload.account_digest).to be_present
  end
end
